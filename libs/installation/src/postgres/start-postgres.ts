import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LoggedChild } from '../processes/index.js';
import type { Exit } from '../processes/index.js';
import { postgresBinaries } from './binaries.js';
import { ensureDatabase } from './database.js';
import { SUPERUSER, initialise } from './initialise.js';
import { ensurePassword } from './password.js';
import { removeStalePidFile } from './postmaster-pid.js';
import { giveTo, unprivileged } from './unprivileged.js';
import type { Identity } from './unprivileged.js';

export interface PostgresOptions {
  /** Made on first use. */
  readonly dataDir: string;
  /** Holds the password; made with a random one on first use, 0600. */
  readonly passwordFile: string;
  readonly logFile: string;
  readonly port: number;
  /** False gives up safety against power loss for speed: tests only. Default true. */
  readonly durable?: boolean;
  /** Made if they do not exist. */
  readonly databases?: readonly string[];
}

/** A running PostgreSQL on loopback. */
export interface PostgresServer {
  readonly pid: number;
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly user: string;
  readonly logFile: string;
  readonly exited: Promise<Exit>;
  /** With the password in it: for a child's environment, not for a log. */
  url(database: string): string;
  ensureDatabase(name: string): Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. */
  stop(): Promise<Exit>;
  /** `kill -9`. */
  kill(): Promise<Exit>;
}

// Not synchronous_commit: what a test has committed must survive kill -9.
const FAST = ['fsync=off', 'full_page_writes=off'];
const LEFT_OVER = /pre-existing shared memory block/; // processes of a server that was killed, a moment from their end

function spawnServer(bin: string, identity: Identity, options: PostgresOptions): LoggedChild {
  const settings = [`listen_addresses=127.0.0.1`, `unix_socket_directories=`, `timezone=UTC`, `log_timezone=UTC`];
  if (options.durable === false) settings.push(...FAST);
  const args = ['-D', options.dataDir, '-p', String(options.port), ...settings.flatMap((setting) => ['-c', setting])];
  const [command, ...rest] = [...identity.prefix, join(bin, 'postgres'), ...args];
  const user = identity.user ? { user: identity.user } : {};
  return LoggedChild.spawn({
    name: 'PostgreSQL',
    command: command!,
    args: rest,
    cwd: '/',
    logFile: options.logFile,
    stopSignal: 'SIGINT',
    ...user,
  });
}

async function comeUp(bin: string, identity: Identity, options: PostgresOptions): Promise<LoggedChild> {
  for (let attempt = 1; ; attempt++) {
    const child = spawnServer(bin, identity, options);
    try {
      await child.waitForLine(/database system is ready to accept connections/, 120_000); // a crash recovery may be long
      return child;
    } catch (error) {
      await child.kill();
      if (attempt === 50 || !LEFT_OVER.test(child.output())) throw error;
      await pause(100);
    }
  }
}

/** Starts the embedded PostgreSQL, making its data directory first if there is none, and waits until it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataDir, logFile, port, durable = true } = options;
  const bin = postgresBinaries();
  mkdirSync(dirname(dataDir), { recursive: true, mode: 0o700 });
  const identity = unprivileged(bin, dirname(dataDir));
  const password = ensurePassword(options.passwordFile);
  await initialise({ bin, dataDir, password, identity, logFile, durable });
  giveTo(identity.owner, dataDir);
  removeStalePidFile(dataDir);
  const child = await comeUp(bin, identity, options);
  const url = (database: string): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
  const server: PostgresServer = {
    pid: child.pid!,
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    logFile,
    exited: child.exited,
    url,
    ensureDatabase: (name) => ensureDatabase(url('postgres'), name),
    stop: () => child.stop(),
    kill: () => child.kill(),
  };
  for (const database of options.databases ?? []) await server.ensureDatabase(database);
  return server;
}
