import { spawnSync } from 'node:child_process';
import { lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root. How a program is started so that it does not see itself as root. */
export interface Identity {
  /** Program and arguments to put before the real ones. */
  readonly prefix: readonly string[];
  /** For `spawn`. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Who must own the data directory, as this process counts users; undefined: nothing to change. */
  readonly owner: number | undefined;
}

const NOBODY = 65_534;
const MAP_TO_NOBODY = ['unshare', '-U', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
const KEEP_READING = [
  'setpriv',
  `--reuid=${NOBODY}`,
  `--regid=${NOBODY}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];

const works = (prefix: readonly string[]): boolean =>
  spawnSync(prefix[0]!, [...prefix.slice(1), 'true'], { stdio: 'ignore', env: process.env }).status === 0;

/** Whether others may pass through every directory above `path` (and `path` itself when it is a directory). */
function reachableByOthers(path: string): boolean {
  for (let dir = path; ; dir = dirname(dir)) {
    if ((statSync(dir).mode & 0o001) === 0) return false;
    if (dir === dirname(dir)) return true;
  }
}

/**
 * As an ordinary user: run as is. As root: become `nobody` where that user can reach the programs and the data; else stay
 * in a user namespace in which root is called `nobody` (a state directory is 0700); else, where namespaces are forbidden,
 * become `nobody` with the one capability to pass such directories.
 */
export function unprivileged(programs: string, dataParent: string): Identity {
  if (process.getuid?.() !== 0) return { prefix: [], owner: undefined };
  if (reachableByOthers(programs) && reachableByOthers(dataParent)) {
    return { prefix: [], user: { uid: NOBODY, gid: NOBODY }, owner: NOBODY };
  }
  if (works(MAP_TO_NOBODY)) return { prefix: MAP_TO_NOBODY, owner: 0 };
  if (works(KEEP_READING)) return { prefix: KEEP_READING, owner: NOBODY };
  throw new Error(
    `PostgreSQL does not run as root, and here root can neither enter a user namespace (unshare) nor hand over its ` +
      `capabilities (setpriv) to reach ${dataParent}. Run this as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Gives `dir` with all its contents to `owner`, unless it has it already. */
export function giveTo(owner: number | undefined, dir: string): void {
  if (owner === undefined || lstatSync(dir).uid === owner) return;
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    lchownSync(join(entry.parentPath, entry.name), owner, owner);
  }
  lchownSync(dir, owner, owner); // last: when it is done, everything is
}
