import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from 'pg';
import { InMemoryQuarantine } from '@caravan/event-store';
import type { Quarantine } from '@caravan/event-store';
import { PostgresQuarantine, quarantineTableSql } from '@caravan/event-store/postgres';
import { poolOn, usePostgres } from '../servers/index.js';

const postgres = usePostgres();
let pool: Pool;
beforeAll(async () => {
  pool = poolOn(postgres().url);
  await pool.query(quarantineTableSql());
});
afterAll(() => pool.end());

const stores: [string, () => Quarantine][] = [
  ['in memory', () => new InMemoryQuarantine()],
  ['in PostgreSQL', () => new PostgresQuarantine(pool)],
];

describe.each(stores)('a quarantine %s', (_where, make) => {
  it('remembers an entry once, until it is resolved', async () => {
    const quarantine = make();
    const entry = { reaction: 'r', stream: 'caravan.evt.trust.x.y', position: 7, reason: 'first' };
    await quarantine.record(entry);
    await quarantine.record({ ...entry, reason: 'second' });
    await quarantine.record({ ...entry, reaction: 'other', position: 3 });
    await quarantine.record({ ...entry, position: 2 });
    expect((await quarantine.list()).map(({ reaction, position }) => [reaction, position])).toEqual([
      ['r', 2],
      ['other', 3],
      ['r', 7],
    ]);
    expect(await quarantine.list('r')).toMatchObject([
      { ...entry, position: 2 },
      { ...entry, reason: 'second' },
    ]);
    await quarantine.resolve('r', 7);
    await quarantine.resolve('r', 8);
    expect((await quarantine.list('r')).map(({ position }) => position)).toEqual([2]);
  });
});
