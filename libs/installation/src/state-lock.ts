import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { identify, isRunning } from './processes/index.js';
import type { ProcessIdentity } from './processes/index.js';
import type { StateDirectory } from './state-directory.js';

const isCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** The living process that a lock names; undefined when it has ended or the lock is no record of one. */
function holder(content: string): ProcessIdentity | undefined {
  try {
    const identity = JSON.parse(content) as ProcessIdentity;
    return isRunning(identity) ? identity : undefined;
  } catch {
    return undefined; // half written by a process that was killed: nobody's
  }
}

/** Moves a stale lock away; only the one whose rename moved that very lock has done so, a fresher one is put back. */
function removeStale(lockFile: string, content: string): void {
  const aside = `${lockFile}.stale.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== content) linkSync(aside, lockFile);
  rmSync(aside);
}

/**
 * Takes the state directory for this process: two starts on one would run two servers on the same files. Returns how to let
 * go. A lock whose process has ended is taken over. Throws, naming the holder, when another start runs.
 */
export function lockState(state: Pick<StateDirectory, 'root' | 'lockFile'>): () => void {
  const { root, lockFile } = state;
  const own = JSON.stringify(identify(process.pid));
  const prepared = `${lockFile}.${process.pid}`;
  writeFileSync(prepared, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      try {
        linkSync(prepared, lockFile); // whole or not at all, and never over another
        return () => {
          if (readIfThere(lockFile) === own) rmSync(lockFile);
        };
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
      const content = readIfThere(lockFile);
      const other = content === undefined ? undefined : holder(content);
      if (other) {
        throw new Error(
          `Another start (process ${other.pid}) is using ${root}. Stop it (Ctrl-C, or kill ${other.pid}), ` +
            `or choose another directory with CARAVAN_STATE.`,
        );
      }
      if (content !== undefined) removeStale(lockFile, content);
    }
    throw new Error(`${lockFile} cannot be taken: others come and go. Try again.`);
  } finally {
    rmSync(prepared, { force: true });
  }
}
