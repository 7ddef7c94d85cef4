import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret } from '@caravan/pki';
import type { ProcessSpec } from '../processes/index.js';
import { postgresBinaries } from './binaries.js';
import { ensureDatabase } from './database.js';
import { SUPERUSER, initialise, isInitialised } from './initialise.js';
import { ensurePassword } from './password.js';
import { removeStalePidFile } from './postmaster-pid.js';
import { giveTo, unprivileged } from './unprivileged.js';
import type { Identity } from './unprivileged.js';

export interface PostgresOptions {
  /** Made on first use. */
  readonly dataDir: string;
  /** Holds the password; made with a random one on first use, 0600. */
  readonly passwordFile: string;
  /** Where initdb logs. */
  readonly logFile: string;
  readonly port: number;
  /** False gives up safety against power loss for speed: tests only. Default true. */
  readonly durable?: boolean;
}

/** How to run the server, and how to reach it once it runs. */
export interface PostgresProcess {
  /** For `ProcessGroup.start`, which keeps it running. */
  readonly spec: ProcessSpec;
  readonly user: string;
  /** Has the password in it. */
  url(database: string): Secret<string>;
  /** Makes the database unless it exists; the server must run. */
  ensureDatabase(name: string): Promise<void>;
}

// Not synchronous_commit: what a test has committed must survive kill -9.
const FAST = ['fsync=off', 'full_page_writes=off'];

function processSpec(bin: string, identity: Identity, { dataDir, port, durable }: PostgresOptions): ProcessSpec {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'];
  if (durable === false) settings.push(...FAST);
  const args = ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const [command, ...rest] = [...identity.prefix, join(bin, 'postgres'), ...args];
  return {
    name: 'postgres',
    command: command!,
    args: rest,
    cwd: '/',
    stopSignal: 'SIGINT', // fast shutdown: open transactions are rolled back, everything committed is on disk
    ready: /database system is ready to accept connections/,
    readyWithinMs: 120_000, // recovery after a crash may be long
    ...(identity.user ? { user: identity.user } : {}),
  };
}

/** Makes the data directory if there is none, and clears away what a crash left; then the server can be started. */
export async function postgresProcess(options: PostgresOptions): Promise<PostgresProcess> {
  const { dataDir, logFile, port, durable = true } = options;
  const bin = postgresBinaries();
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
  const identity = unprivileged(bin, dirname(dataDir));
  if (isInitialised(dataDir) && !existsSync(options.passwordFile)) {
    throw new Error(
      `${dataDir} holds a database, but ${options.passwordFile} with its password is gone. ` +
        `Put it back, or begin anew with --reset.`,
    );
  }
  const password = ensurePassword(options.passwordFile);
  await initialise({ bin, dataDir, password, identity, logFile, durable });
  giveTo(identity.owner, dataDir);
  removeStalePidFile(dataDir);
  const url = (database: string): Secret<string> =>
    new Secret(`postgres://${SUPERUSER}:${password.reveal()}@127.0.0.1:${port}/${database}`);
  return {
    spec: processSpec(bin, identity, options),
    user: SUPERUSER,
    url,
    ensureDatabase: (name) => ensureDatabase(url('postgres'), name),
  };
}
