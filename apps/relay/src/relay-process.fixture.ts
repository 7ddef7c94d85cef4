import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RelayDataPlane } from '@caravan/data-plane/relay';
import type { HandOver } from '@caravan/data-plane/relay';
import type { RunningDataPlane } from '@caravan/testing/data-plane';

export const mainFile = join(import.meta.dirname, '../bundle/main.js');

/** glibc (mallopt(3)): whoever uses memory that was freed does not get away with it. */
const FREED_IS_FILLED = { MALLOC_PERTURB_: '165' };

export interface RelayProcess extends RunningDataPlane {
  readonly plane: RelayDataPlane;
  readonly socketPath: string;
  readonly child: ChildProcess;
  /** Its log so far. */
  readonly log: () => string;
}

/** A relay in a process of its own, without a configuration. Ends with this process, whatever happens to it. */
export const startRelay = (): Promise<RelayProcess> => startRelayWith(undefined);

export interface RelayProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** For Node itself, before the script. */
  readonly nodeArgs?: readonly string[];
  /** A descriptor for its log, instead of `log()`. */
  readonly logTo?: number;
}

/** As a supervisor starts it that has something to hand over. */
export async function startRelayWith(
  handOver: HandOver | undefined,
  { env = {}, nodeArgs = [], logTo }: RelayProcessOptions = {},
): Promise<RelayProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'caravan-relay-'));
  chmodSync(directory, 0o700);
  const socketPath = join(directory, 'relay.sock');
  const child = spawn(process.execPath, [...nodeArgs, mainFile, '--socket', socketPath], {
    stdio: ['pipe', logTo ?? 'pipe', 'inherit', 'ipc'],
    serialization: 'advanced',
    env: { ...process.env, ...FREED_IS_FILLED, CARAVAN_PARENT: 'stdin', ...env },
  });
  if (handOver) child.send(handOver);
  let log = '';
  child.stdout?.on('data', (data: Buffer) => (log += data.toString()));
  const exited = once(child, 'exit');
  await socketAppears(socketPath, child, logTo === undefined ? () => log : undefined);
  const plane = new RelayDataPlane({ socketPath });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    await plane.close();
    child.kill(signal);
    await exited;
    rmSync(directory, { recursive: true, force: true });
  };
  return {
    plane,
    socketPath,
    child,
    log: () => log,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    isAlive: () => child.exitCode === null && child.signalCode === null,
  };
}

async function socketAppears(path: string, child: ChildProcess, log?: () => string): Promise<void> {
  const isUp = (): boolean => existsSync(path) && log?.().includes('waiting for a configuration') !== false;
  for (let waited = 0; !isUp(); waited += 10) {
    if (child.exitCode !== null || waited > 15_000) throw new Error(`the relay did not start:\n${log?.() ?? ''}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
