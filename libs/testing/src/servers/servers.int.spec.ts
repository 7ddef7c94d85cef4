import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import pg from 'pg';
import { launchNats, useNats, usePostgres } from './index.js';

async function query(url: string, text: string): Promise<{ n: number }[]> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<{ n: number }>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a nats-server for tests', () => {
  const nats = useNats({ jetstream: true });

  it('keeps its messages and its port through kill -9', async () => {
    const before = await nats().connect({ maxReconnectAttempts: 0 });
    const manager = await jetstreamManager(before);
    await manager.streams.add({ name: 'kept', subjects: ['kept.>'] });
    const { seq } = await jetstream(before).publish('kept.one', 'hello');
    const { pid, url } = nats();
    await nats().kill();
    await nats().restart();
    expect(nats().pid).not.toBe(pid);
    expect(nats().url).toBe(url);
    const after = await jetstreamManager(await nats().connect());
    expect((await after.streams.getMessage('kept', { seq }))?.string()).toBe('hello');
  });

  it('starts in less than a second, and leaves nothing behind', async () => {
    const times: number[] = [];
    for (let run = 0; run < 3; run++) {
      const start = performance.now();
      const other = await launchNats();
      times.push(performance.now() - start);
      await other.stop();
      expect(existsSync(other.dir)).toBe(false);
      await expect(other.connect({ maxReconnectAttempts: 0, timeout: 500 })).rejects.toThrow();
    }
    expect(Math.min(...times)).toBeLessThan(1_000);
  });

  it('has no JetStream unless it was asked for', async () => {
    const plain = await launchNats();
    try {
      await expect(jetstreamManager(await plain.connect())).rejects.toThrow();
    } finally {
      await plain.stop();
    }
  });

  it('says what is wrong with a configuration that it refuses', async () => {
    await expect(launchNats({ config: 'no_such_thing { }' })).rejects.toThrow(/no_such_thing/);
  });
});

describe('a PostgreSQL for tests', () => {
  const postgres = usePostgres();

  it('keeps what was committed through kill -9', async () => {
    const url = await postgres().createDatabase();
    await query(url, 'create table kept (n int)');
    await query(url, 'insert into kept values (7)');
    const { pid } = postgres();
    await postgres().kill();
    await postgres().restart();
    expect(postgres().pid).not.toBe(pid);
    expect(await query(url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('gives each test a database of its own', async () => {
    const [one, two] = [await postgres().createDatabase(), await postgres().createDatabase()];
    await query(one, 'create table only_here (n int)');
    await expect(query(two, 'select n from only_here')).rejects.toThrow(/does not exist/);
  });

  it('lets nobody in without the password', async () => {
    const url = new URL(postgres().url);
    url.password = 'guess';
    await expect(query(url.href, 'select 1 as n')).rejects.toThrow(/password authentication failed/);
  });
});
