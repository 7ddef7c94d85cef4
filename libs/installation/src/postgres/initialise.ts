import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Secret } from '@caravan/pki';
import { LoggedChild } from '../processes/index.js';
import { giveTo } from './unprivileged.js';
import type { Identity } from './unprivileged.js';

export const SUPERUSER = 'caravan';

interface Initialisation {
  readonly bin: string;
  readonly dataDir: string;
  readonly password: Secret<string>;
  readonly identity: Identity;
  readonly logFile: string;
  /** Whether the new files are flushed to disk, and WAL segments have their usual size. */
  readonly durable: boolean;
}

export const isInitialised = (dataDir: string): boolean => existsSync(join(dataDir, 'PG_VERSION'));

/**
 * Makes a database cluster in `dataDir`, once. It is made beside it and renamed when complete: a start that is interrupted
 * leaves nothing that looks like one. Passwords everywhere: loopback is open to every user of the machine.
 */
export async function initialise({
  bin,
  dataDir,
  password,
  identity,
  logFile,
  durable,
}: Initialisation): Promise<void> {
  if (isInitialised(dataDir)) return;
  const unfinished = `${dataDir}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(join(unfinished, 'data'), { recursive: true, mode: 0o700 });
  const passwordFile = join(unfinished, 'password');
  writeFileSync(passwordFile, password.reveal(), { mode: 0o600 });
  giveTo(identity.owner, unfinished);
  const args = ['-D', join(unfinished, 'data'), '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  args.push('-E', 'UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync', '--wal-segsize=1']));
  const [command, ...rest] = [...identity.prefix, join(bin, 'initdb'), ...args];
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
  const child = await LoggedChild.start({
    name: 'initdb',
    command: command!,
    args: rest,
    logFile,
    cwd: '/',
    ...(identity.user ? { user: identity.user } : {}),
  });
  const exit = await child.exited;
  if (exit.code !== 0) throw child.failure(`could not make a database in ${dataDir}`);
  renameSync(join(unfinished, 'data'), dataDir);
  rmSync(unfinished, { recursive: true, force: true });
}
