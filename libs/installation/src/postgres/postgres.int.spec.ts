import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { ProcessGroup } from '../processes/index.js';
import { findPort } from '../ports.js';
import { postgresProcess } from './postgres-process.js';
import { startPostgres } from './start-postgres.js';
import type { PostgresOptions } from './postgres-process.js';

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** Where no other suite that runs beside this one looks for ports: it is free while the server is stopped. */
const NOBODYS = { first: 26_000, last: 31_999 };

describe('the embedded PostgreSQL', () => {
  // 0700, as a state directory is: an unprivileged user can reach nothing in it by its path.
  const dir = mkdtempSync(join(tmpdir(), 'caravan-postgres-'));
  let options: PostgresOptions;
  beforeAll(async () => {
    options = {
      dataDir: join(dir, 'data'),
      passwordFile: join(dir, 'secrets', 'postgres'),
      logFile: join(dir, 'postgres.log'),
      port: await findPort(NOBODYS),
    };
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('is made once, is durable, and keeps what it holds', async () => {
    const first = await startPostgres(options);
    await first.ensureDatabase('caravan');
    await first.ensureDatabase('caravan');
    const url = first.url('caravan').reveal();
    expect(await query(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await query(url, 'create table kept as select 7 as n');
    expect(await first.stop()).toMatchObject({ code: 0 });

    const second = await startPostgres(options);
    expect(await query(url, 'select n from kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it('tells its password to nobody but its owner', async () => {
    const server = await startPostgres(options);
    const url = server.url('caravan');
    const password = readFileSync(options.passwordFile, 'utf8').trim();
    expect(statSync(options.passwordFile).mode & 0o777).toBe(0o600);
    expect(inspect({ server, url }) + JSON.stringify(url)).not.toContain(password);
    expect(readFileSync(options.logFile, 'utf8')).not.toContain(password);
    for (const wrong of [url.reveal().replace(password, 'guess'), url.reveal().replace(`:${password}`, '')]) {
      await expect(query(wrong, 'select 1')).rejects.toThrow(/password/);
    }
    await server.stop();
  });

  it('starts after kill -9, also when its old number now belongs to another process', async () => {
    const server = await startPostgres(options);
    const url = server.url('caravan').reveal();
    await query(url, 'create table late as select 8 as n');
    await server.kill();
    const stranger = spawn('/bin/sleep', ['100']);
    const pidFile = join(options.dataDir, 'postmaster.pid');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(stranger.pid)));
    const again = await startPostgres(options);
    expect(await query(url, 'select n from late')).toEqual([{ n: 8 }]);
    expect(stranger.exitCode).toBeNull();
    stranger.kill();
    await again.stop();
  });

  it('is started again by its group, with its data', async () => {
    const group = await ProcessGroup.open({ logDir: join(dir, 'logs'), runDir: join(dir, 'run') });
    const { spec, url } = await postgresProcess(options);
    const child = await group.start(spec);
    await child.kill();
    const deadline = performance.now() + 15_000;
    while (child.restarts === 0 && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await query(url('caravan').reveal(), 'select n from late')).toEqual([{ n: 8 }]);
    await group.stop();
  });

  it('says which port is taken', async () => {
    const server = await startPostgres(options);
    const other = { ...options, dataDir: join(dir, 'other'), durable: false };
    await expect(startPostgres(other)).rejects.toThrow(
      new RegExp(`Address already in use[^]*${options.port}|${options.port}`),
    );
    await server.stop();
  });

  it('does not make up another password for a database that has one', async () => {
    const moved = { ...options, passwordFile: join(dir, 'elsewhere') };
    await expect(startPostgres(moved)).rejects.toThrow(/holds a database, but .*elsewhere.*--reset/);
    expect(existsSync(moved.passwordFile)).toBe(false);
  });

  it('makes no database of a name that is none', async () => {
    const { ensureDatabase } = await postgresProcess(options);
    await expect(ensureDatabase('a; drop table x')).rejects.toThrow(/cannot be a database name/);
  });
});
