import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The layout of `.caravan/`: everything that one installation on this machine knows. All of it is 0700, secrets 0600. */
export interface StateDirectory {
  readonly root: string;
  readonly logs: string;
  /** Keys, passwords and tokens. */
  readonly secrets: string;
  /** Which processes run. */
  readonly run: string;
  readonly nats: string;
  readonly postgres: string;
  /** One directory for each site that this machine plays. */
  readonly sites: string;
  /** Downloads: kept by a reset. */
  readonly cache: string;
  readonly portsFile: string;
  /** There once the first story was told to its end. */
  readonly toldFile: string;
  readonly lockFile: string;
}

export function stateLayout(root: string): StateDirectory {
  const at = (name: string): string => join(root, name);
  return {
    root,
    logs: at('logs'),
    secrets: at('secrets'),
    run: at('run'),
    nats: at('nats'),
    postgres: at('postgres'),
    sites: at('sites'),
    cache: at('cache'),
    portsFile: at('ports.json'),
    toldFile: at('story-told'),
    lockFile: at('lock'),
  };
}

/** Makes the state directory and its rooms, closed to every other user. Throws when it is not ours to write. */
export function openStateDirectory(root: string): StateDirectory {
  const state = stateLayout(root);
  const { logs, secrets, run, nats, sites, cache } = state; // PostgreSQL makes its own, under its own user
  try {
    for (const dir of [root, logs, secrets, run, nats, sites, cache]) {
      mkdirSync(dir, { recursive: true });
      chmodSync(dir, 0o700); // mkdir's mode is cut by the umask and ignored where the directory exists
    }
  } catch (error) {
    const remedy = 'Give it to the user who runs this (chown -R), or choose another with CARAVAN_STATE.';
    throw new Error(`The state directory ${root} cannot be written: ${(error as Error).message}. ${remedy}`, {
      cause: error,
    });
  }
  return state;
}

/** Removes everything but downloads and the lock: the next start begins anew. Hold the lock, with nothing running. */
export function resetState(state: StateDirectory): void {
  const kept = new Set([state.cache, state.lockFile]);
  for (const name of existsSync(state.root) ? readdirSync(state.root) : []) {
    const path = join(state.root, name);
    if (!kept.has(path)) rmSync(path, { recursive: true, force: true });
  }
  openStateDirectory(state.root);
}

/** Writes `<secrets>/<name>`, 0600 from its first byte; resolves with its path. Replaces what was there. */
export function writeSecret(state: StateDirectory, name: string, content: string | Uint8Array): string {
  const path = join(state.secrets, name);
  rmSync(path, { force: true }); // an existing file would keep its mode
  writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  return path;
}
