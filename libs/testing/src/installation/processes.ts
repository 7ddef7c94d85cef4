import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What Linux knows of processes and their sockets (proc(5)). */

const numbers = (path: string): number[] => {
  try {
    return readdirSync(path).map(Number).filter(Number.isInteger);
  } catch {
    return []; // it has just ended
  }
};

/** All processes below `pid`. */
export function descendantsOf(pid: number): number[] {
  const children = numbers('/proc').filter((each) => parentOf(each) === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Its arguments with blanks between them; empty when it has just ended. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Which of our programs it runs: `relay/main`; undefined: none, or it has just ended. */
export function programOf(pid: number): string | undefined {
  const [, app, program] = /\/apps\/([a-z-]+)\/bundle\/([a-z-]+)\.js(?: |$)/.exec(commandLine(pid)) ?? [];
  return app && `${app}/${program}`;
}

function parentOf(pid: number): number | undefined {
  try {
    // The name in parentheses may hold anything; what follows the last one is numbers.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

export interface Socket {
  readonly state: 'listening' | 'established' | 'other';
  readonly localPort: number;
  readonly remotePort: number;
}

/** The TCP sockets that these processes hold. */
export function socketsOf(pids: readonly number[]): Socket[] {
  const inodes = new Set(pids.flatMap(socketInodes));
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    readFileSync(table, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => inodes.has(fields[9] ?? ''))
      .map(([, local = '', remote = '', state]) => ({
        state: state === '0A' ? ('listening' as const) : state === '01' ? ('established' as const) : ('other' as const),
        localPort: portIn(local),
        remotePort: portIn(remote),
      })),
  );
}

const portIn = (endpoint: string): number => Number.parseInt(endpoint.split(':')[1] ?? '', 16);

function socketInodes(pid: number): string[] {
  return numbers(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // closed in the meantime
    }
  });
}
