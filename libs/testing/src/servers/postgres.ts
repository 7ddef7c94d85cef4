import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startPostgres } from '@caravan/installation';
import type { PostgresServer } from '@caravan/installation';
import { freePort } from '../ports.js';
import { cacheDirectory, temporaryDirectory } from './workspace.js';

/** A real PostgreSQL in a directory of its own, safe against nothing but `kill -9` (no fsync). */
export interface TestPostgres {
  /** Of the database `test`, with user and password. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  /** Makes a fresh database on this server and resolves with its URL: cheap (some 30 ms), so one for each test. */
  createDatabase(): Promise<string>;
  /** Starts it again, after `kill()` or instead of it, on the same data and port. */
  restart(): Promise<void>;
  kill(): Promise<void>;
  /** Stops the server and removes its directory. */
  stop(): Promise<void>;
}

const DATABASE = 'test';
const settings = (dir: string, port: number) =>
  ({
    dataDir: join(dir, 'data'),
    passwordFile: join(dir, 'password'),
    logFile: join(dir, 'postgres.log'),
    port,
    durable: false,
  }) as const;

/** initdb takes ten times as long as the start after it: its result is kept, and copied for each server. */
async function template(): Promise<string> {
  const kept = join(cacheDirectory(), 'postgres-for-tests-1');
  if (existsSync(kept)) return kept;
  mkdirSync(dirname(kept), { recursive: true, mode: 0o700 });
  const made = mkdtempSync(join(dirname(kept), 'postgres-'));
  const server = await startPostgres(settings(made, await freePort()));
  await server.ensureDatabase(DATABASE);
  await server.stop();
  try {
    renameSync(made, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error; // another test process was quicker
    rmSync(made, { recursive: true, force: true });
  }
  return kept;
}

async function startSomewhere(dir: string): Promise<PostgresServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startPostgres(settings(dir, await freePort()));
    } catch (error) {
      const taken = /could not bind|Address already in use/.test((error as Error).message);
      if (!taken || attempt === 5) throw error;
    }
  }
}

/** Starts a real PostgreSQL for a test, in some 200 ms. `usePostgres()` does it for a whole spec file. */
export async function launchPostgres(): Promise<TestPostgres> {
  const kept = await template();
  const { dir, remove } = temporaryDirectory('postgres');
  let server: PostgresServer;
  try {
    cpSync(kept, dir, { recursive: true });
    server = await startSomewhere(dir);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    url: server.url(DATABASE).reveal(),
    host: server.host,
    port: server.port,
    get pid() {
      return server.pid;
    },
    logFile: server.logFile,
    async createDatabase() {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await server.ensureDatabase(name);
      return server.url(name).reveal();
    },
    async restart() {
      await server.stop();
      server = await startPostgres(settings(dir, server.port));
    },
    async kill() {
      await server.kill();
    },
    async stop() {
      await server.stop();
      remove();
    },
  };
}
