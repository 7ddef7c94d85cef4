import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { StopSignal } from './guard.js';
import { identify, isRunning } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';

interface PidRecord extends ProcessIdentity {
  readonly signal: StopSignal;
}

/** Records a child, so that a later start finds it should this process be killed. */
export function writePidFile(file: string, pid: number, signal: StopSignal): void {
  const identity = identify(pid);
  if (!identity) return; // it ended at once: nothing to find
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify({ ...identity, signal } satisfies PidRecord), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readPidFile(file: string): PidRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PidRecord;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(
      `${file} should tell which process runs, and cannot be read. Delete it once that process has ended.`,
      {
        cause: error,
      },
    );
  }
}

const signalTo = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it has just ended
  }
};

/**
 * Stops what a killed parent left running under this file: two servers on one data directory would destroy it. Its guard is
 * usually at it already. Resolves with the name of what was stopped.
 */
export async function stopLeftover(file: string, killAfterMs = 8_000): Promise<string | undefined> {
  const record = readPidFile(file);
  if (!record) return undefined;
  const wasRunning = isRunning(record);
  const start = performance.now();
  if (wasRunning) signalTo(record.pid, record.signal);
  for (let killed = false; isRunning(record); await pause(20)) {
    const waited = performance.now() - start;
    if (!killed && waited > killAfterMs) {
      signalTo(-record.pid, 'SIGKILL');
      killed = true;
    }
    if (waited > killAfterMs + 5_000)
      throw new Error(`process ${record.pid} (${file}) does not end, not even by kill -9`);
  }
  rmSync(file, { force: true });
  return wasRunning ? basename(file, '.pid') : undefined;
}

/** Stops everything that was left running under the files of `dir`; resolves with the names. */
export async function stopLeftovers(dir: string): Promise<string[]> {
  if (!existsSync(dir)) return [];
  const files = readdirSync(dir).filter((name) => name.endsWith('.pid'));
  const names = await Promise.all(files.map((name) => stopLeftover(join(dir, name))));
  return names.filter((name) => name !== undefined);
}
