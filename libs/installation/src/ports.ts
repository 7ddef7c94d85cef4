import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Listens on a loopback port for a moment (0: any). Resolves with the port; rejects when it cannot be had. */
export function tryLoopbackPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const chosen = (server.address() as AddressInfo).port;
      server.close(() => resolve(chosen));
    });
  });
}

const isFree = (port: number): Promise<boolean> =>
  tryLoopbackPort(port).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false;
      throw error;
    },
  );

/** The first and the last of them. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Below the range that systems give to outgoing connections, so that nobody's connection sits on a port of ours later. */
const PORTS: PortRange = { first: 20_000, last: 31_999 };

/**
 * A loopback port that is free now, and none of `except`. Somebody else may still take it first: whoever listens must be ready to
 * be refused. @throws Error when none is found
 */
export async function findPort(
  { first, last }: PortRange = PORTS,
  except: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(first, last + 1);
    if (!except.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`No free port between ${first} and ${last} was found on 127.0.0.1 in 200 tries.`);
}

/**
 * The ports of one installation, by name, remembered in a file: a resumed start listens where the first one did, since
 * sites and links have been told.
 */
export class PortBook {
  private constructor(
    private readonly file: string,
    private readonly ports: Record<string, number>,
    private readonly range: PortRange | undefined,
  ) {}

  /** @param range of those that are new; default: 20,000 to 31,999 */
  static open(file: string, range?: PortRange): PortBook {
    if (!existsSync(file)) return new PortBook(file, {}, range);
    try {
      return new PortBook(file, JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>, range);
    } catch (error) {
      throw new Error(`${file} should list the ports in use, and cannot be read. Restore it, or start with --reset.`, {
        cause: error,
      });
    }
  }

  /**
   * The port for `name`: the remembered one, which must be free, or a new one: `preferred` if that is free, else any.
   * Throws when the remembered port is taken. Call it before the listener starts, once for each name.
   */
  async choose(name: string, preferred?: number): Promise<number> {
    const remembered = this.ports[name];
    if (remembered !== undefined) {
      if (await isFree(remembered)) return remembered;
      throw new Error(
        `Port ${remembered} on 127.0.0.1, where ${name} listened before, is taken by another program. ` +
          `Stop that program, or begin anew on other ports with --reset. (Ports are remembered in ${this.file}.)`,
      );
    }
    return this.remember(name, await this.findNew(preferred));
  }

  private async findNew(preferred: number | undefined): Promise<number> {
    const ours = new Set(Object.values(this.ports));
    if (preferred !== undefined && !ours.has(preferred) && (await isFree(preferred))) return preferred;
    return findPort(this.range, ours);
  }

  private remember(name: string, port: number): number {
    this.ports[name] = port;
    writeFileSync(`${this.file}.new`, `${JSON.stringify(this.ports, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    return port;
  }
}
