import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Pool } from 'pg';
import { eventRegistry } from '@caravan/event-store';
import type { DeclaredEvent } from '@caravan/event-store';
import { ensureLog } from '@caravan/event-store/jetstream';
import { checkpointTableSql } from '@caravan/event-store/postgres';
import { launchNats, poolOn, usePostgres } from '../servers/index.js';
import type { TestNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { eventually } from '../eventually.js';
import { readGoldenLog } from './golden-log.js';
import type { GoldenEntry } from './golden-log.js';
import {
  ShelfCleared,
  shelfEvents,
  ShelfStockedOne,
  ShelfStockedWithoutUpcaster,
  shelfStream,
  shelfTableSql,
} from './shelf.js';
import { shelfReaders } from './shelf-readers.fixture.js';

const golden = (version: number) => readGoldenLog(new URL(`../../golden/shelf.v${version}.ndjson`, import.meta.url));

/** A log that a program of version 1 wrote is to today's program what one of version 2 is. */
describe('an old version of an event', () => {
  const postgres = usePostgres();
  let nats: TestNats;
  let nc: NatsConnection;
  let pool: Pool;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect();
    await ensureLog(nc);
    pool = poolOn(await postgres().createDatabase());
    await pool.query(`${checkpointTableSql()}; ${shelfTableSql}`);
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await pool.end();
    await nats.stop();
  });

  async function publish(log: readonly GoldenEntry[]): Promise<void> {
    for (const { stream, bytes } of log) await jetstream(nc).publish(stream, bytes);
  }

  const readers = (events: readonly DeclaredEvent[]) => {
    const all = shelfReaders(nc, pool, events);
    stops.push(...all.stops);
    return all;
  };

  const rows = async () => (await pool.query('SELECT * FROM shelf ORDER BY id')).rows as unknown[];

  /** What each of them makes of a log. */
  async function madeOf(log: readonly GoldenEntry[]) {
    await publish(log);
    const { store, handle, runner, fold, reacted, quarantine } = readers(shelfEvents);
    await runner.waitFor(log.length, 20_000);
    const live = await rows();
    await runner.rebuild();
    await fold.waitFor(log.length, 20_000);
    await eventually('all are reacted to', () => reacted.length >= 6);
    const { state } = await handle({ type: 'CountShelf', shelfId: 'fruit', metadata: commandMetadata() });
    const { events } = await store.read(shelfStream('fruit'));
    return {
      state: new Map(state),
      read: events.map(({ type, version, data }) => ({ type, version, data })),
      live,
      rebuilt: await rows(),
      folded: fold.state,
      reacted: [...reacted].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
      quarantined: await quarantine.list(),
    };
  }

  it('gives the same state, rows, fold and reactions as the present one', async () => {
    const old = await madeOf(golden(1));
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await nats.stop();
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect();
    await ensureLog(nc);
    await pool.query('TRUNCATE shelf, projection_checkpoint');
    const present = await madeOf(golden(2));

    expect(old).toEqual(present);
    expect(old.state).toEqual(
      new Map([
        ['quinces', 10],
        ['pears', 6],
      ]),
    );
    expect(old.read[0]).toEqual({ type: 'ShelfStocked', version: 2, data: { product: 'quinces', quantity: 7 } });
    expect(old.live).toEqual([{ id: 'fruit', products: { quinces: 10, pears: 6 }, position: '5' }]);
    expect(old.rebuilt).toEqual(old.live);
    expect(old.reacted).toHaveLength(6);
    expect(old.quarantined).toEqual([]);
  });

  it('is in the golden log: what a program of version 1 wrote is what lies there', () => {
    const one = eventRegistry([ShelfStockedOne, ShelfCleared]);
    const [first] = golden(1);
    expect(one.decode(first!.stream, 1, first!.bytes).events).toMatchObject([
      { version: 1, data: { what: '7 quinces' } },
    ]);
    expect(() => one.decode(golden(2)[0]!.stream, 1, golden(2)[0]!.bytes)).toThrow(
      /version 2 is newer than 1: upgrade/,
    );
  });

  const text = new TextDecoder().decode(golden(1)[0]!.bytes);
  const changed = (change: (event: Record<string, unknown>) => void): Uint8Array => {
    const commit = JSON.parse(text) as { events: Record<string, unknown>[] };
    change(commit.events[0]!);
    return new TextEncoder().encode(JSON.stringify(commit));
  };
  const garbled = /caravan log show 1; if no version will ever read it: caravan log pass-over 1 --reason/;
  const newer = /run the version that wrote it, or a later one/;

  it.each<[string, Uint8Array, readonly DeclaredEvent[], RegExp, RegExp]>([
    [
      'an upcaster is missing',
      changed(() => undefined),
      [ShelfStockedWithoutUpcaster, ShelfCleared],
      /ShelfStocked version 1 has no upcaster/,
      garbled,
    ],
    [
      'it comes from the future',
      changed((event) => (event.version = 3)),
      shelfEvents,
      /ShelfStocked version 3 is newer than 2: upgrade/,
      newer,
    ],
    [
      'its type is unknown',
      changed((event) => (event.type = 'ShelfBurned')),
      shelfEvents,
      /no event ShelfBurned/,
      newer,
    ],
    [
      'its data are not what version 1 was',
      changed((event) => (event.data = { wat: 7 })),
      shelfEvents,
      /version 1 is not what its upcaster takes/,
      garbled,
    ],
    [
      'its upcaster makes nonsense of it',
      changed((event) => (event.data = { what: 'many quinces' })),
      shelfEvents,
      /ShelfStocked breaks its schema: quantity/,
      garbled,
    ],
  ])('is poison when %s: each reader says what, where and what to do', async (_what, bytes, events, why, remedy) => {
    const stream = shelfStream('fruit');
    await publish([{ stream, bytes }]);
    const { store, handle, runner, fold, quarantine } = readers(events);
    const poison = { stream, position: 1, reason: expect.stringMatching(why) };
    const said = { ...poison, code: 'log.undecodable', remedy: expect.stringMatching(remedy) };

    await expect(store.read(stream)).rejects.toMatchObject(said);
    const command = { type: 'CountShelf', shelfId: 'fruit', metadata: commandMetadata() } as const;
    await expect(handle(command)).rejects.toMatchObject(said);
    for (const halting of [runner, fold]) {
      await expect(halting.waitFor(1, 20_000)).rejects.toMatchObject({
        halt: poison,
        message: expect.stringMatching(remedy),
      });
      expect(halting.status).toMatchObject({ status: 'halted', position: 0, halt: poison });
    }
    await eventually('it is quarantined', async () => (await quarantine.list()).length > 0);
    expect(await quarantine.list()).toMatchObject([poison]);
    expect(await rows()).toEqual([]);
  });
});
