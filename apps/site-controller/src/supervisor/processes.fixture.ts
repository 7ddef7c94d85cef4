import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const room = join(import.meta.dirname, '../..');
const workspace = join(room, '../..');

/** What runs is what is built; building again what is up to date takes a second and writes nothing. */
export function buildSite(): void {
  const compiler = join(workspace, 'node_modules/typescript/bin/tsc');
  const projects = [join(room, 'tsconfig.lib.json'), join(workspace, 'apps/relay/tsconfig.lib.json')];
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-b', ...projects]);
  if (status !== 0) throw new Error(`the site does not compile:\n${stdout.toString()}`);
}

export interface RunningSupervisor {
  readonly process: ChildProcess;
  /** What it has said. */
  output(): string;
  /** And all that it said has come: 'exit' may be there before that. */
  readonly exited: Promise<number | NodeJS.Signals>;
  /** The process of that script below this supervisor. */
  child(script: 'relay' | 'site-controller'): number | undefined;
}

export function startSupervisor(
  dir: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  /** Where what it says goes instead. */
  file?: string,
): RunningSupervisor {
  const says = file === undefined ? 'pipe' : openSync(file, 'a');
  const child = spawn(process.execPath, [join(room, 'dist/supervisor.js'), '--dir', dir, ...args], {
    stdio: ['pipe', 'pipe', says],
    env: { ...process.env, CARAVAN_PARENT: 'stdin', ...env },
  });
  if (typeof says === 'number') closeSync(says);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => (output += data.toString()));
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
  });
  return {
    process: child,
    output: () => output,
    exited,
    child: (script) =>
      childrenOf(child.pid ?? -1).find(({ line }) => line.includes(`apps/${script}/dist/main.js`))?.pid,
  };
}

function childrenOf(parent: number): { pid: number; line: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return ppid === parent ? [{ pid: Number(name), line }] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
};

export async function goneWithin(pids: readonly number[], ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (pids.some(isAlive) && performance.now() < until) await pause(20);
  return !pids.some(isAlive);
}
