import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Pool } from 'pg';
import { LogEntryPassedOver, logEntryEvents, logEntryStream } from '@caravan/events';
import type { StreamName } from '@caravan/events';
import { commitHash, eventRegistry, handleCommand, InMemoryQuarantine, reactTo } from '@caravan/event-store';
import type { DeclaredEvent } from '@caravan/event-store';
import {
  ensureLog,
  Fold,
  JetStreamEventStore,
  ProjectionRunner,
  ReactionConsumer,
} from '@caravan/event-store/jetstream';
import { checkpointTableSql, PostgresProjectionStore } from '@caravan/event-store/postgres';
import { eventually } from '../eventually.js';
import { launchNats, poolOn, usePostgres } from '../servers/index.js';
import type { TestNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream, NoteWritten } from './notebook.js';
import { noteProjection, notebookProjection, notebookTablesSql } from './notebook-projections.js';

const NAME = 'notebooks';
const projections = [noteProjection, notebookProjection];
const garbage = new TextEncoder().encode('garbage');

describe('an entry that the log says to pass over', () => {
  const postgres = usePostgres();
  let nats: TestNats;
  let nc: NatsConnection;
  let pool: Pool;
  let handled: string[];
  let quarantine: InMemoryQuarantine;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect();
    await ensureLog(nc);
    pool = poolOn(await postgres().createDatabase());
    await pool.query(`${checkpointTableSql()}; ${notebookTablesSql}`);
    [handled, quarantine] = [[], new InMemoryQuarantine()];
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await pool.end();
    await nats.stop();
  });

  const publish = async (stream: StreamName, bytes: Uint8Array | string) =>
    (await jetstream(nc).publish(stream, bytes)).seq;

  function program(events: readonly DeclaredEvent[] = notebookEvents) {
    const registry = eventRegistry([...events, ...logEntryEvents]);
    const store = new JetStreamEventStore(nc, { registry });
    const handle = handleCommand({ store, decider: notebook, stream: ({ notebookId }) => notebookStream(notebookId) });
    const runner = new ProjectionRunner({
      nc,
      name: NAME,
      projections,
      store: new PostgresProjectionStore({ pool, name: NAME, projections }),
      registry,
      lookMs: 50,
    });
    const resumed: string[] = [];
    const fold = new Fold<string[]>({
      nc,
      name: NAME,
      registry,
      types: notebookEvents,
      initial: [],
      evolve: (texts, { data }) => (texts.push((data as { text: string }).text), texts),
      resumed: () => resumed.push('resumed'),
    });
    const reaction = new ReactionConsumer({
      nc,
      durable: 'spec-notes',
      registry,
      quarantine,
      handlers: [reactTo(NoteWritten, async ({ data }) => void handled.push(data.text))],
    });
    for (const each of [runner, fold, reaction]) {
      each.start();
      stops.push(() => each.stop());
    }
    const write = async (notebookId: string, text: string) => {
      const metadata = commandMetadata({ commandId: randomUUID() });
      return (await handle({ type: 'WriteNote', notebookId, noteId: text, text, metadata })).position;
    };
    const passOver = async (position: number, stream: StreamName, hash: string) => {
      const event = LogEntryPassedOver({ position, stream, hash, problem: 'a spec' });
      const metadata = commandMetadata({ commandId: randomUUID() });
      await store.append(logEntryStream(position), [event], { expectedRevision: 0, previousHash: null, metadata });
    };
    const end = () => Promise.all(stops.splice(0).map((stop) => stop()));
    return { store, write, passOver, runner, fold, reaction, resumed, end };
  }
  const rows = async () => ({
    notes: (await pool.query('SELECT * FROM note ORDER BY id COLLATE "C"')).rows,
    notebooks: (await pool.query('SELECT * FROM notebook ORDER BY id COLLATE "C"')).rows,
  });
  const reaches = (position: number, ...waiting: { waitFor(position: number, ms: number): Promise<boolean> }[]) =>
    eventually(`all have come to ${position}`, async () => {
      const reached = await Promise.all(waiting.map((each) => each.waitFor(position, 100).catch(() => false)));
      return reached.every(Boolean);
    });

  it('lets everybody go on by themselves, and a rebuild gives the rows that were there', async () => {
    const { write, passOver, runner, fold, reaction, resumed } = program();
    await write('n1', 'before');
    const stream = notebookStream('n1');
    const poison = await publish(stream, garbage);
    const elsewhere = await write('n2', 'elsewhere');
    await eventually('all have halted', () => [runner, fold].every(({ status }) => status.status === 'halted'));
    await expect(write('n1', 'refused')).rejects.toMatchObject({ code: 'log.undecodable', position: poison });
    await eventually('it is in quarantine, and the others go on', async () => {
      return (await quarantine.list()).length === 1 && handled.includes('elsewhere');
    });

    await passOver(poison, stream, commitHash(garbage));
    await reaches(elsewhere, runner, fold);
    const last = await write('n1', 'after');
    await reaches(last, runner, fold);
    expect(resumed).toEqual(['resumed']);
    expect([runner.status.status, fold.status.status]).toEqual(['running', 'live']);
    expect(fold.state).toEqual(['before', 'elsewhere', 'after']);
    const live = await rows();
    expect(live.notes.map(({ id }) => id as string)).toEqual(['n1/after', 'n1/before', 'n2/elsewhere']);
    await runner.rebuild();
    expect(await rows()).toEqual(live);

    await eventually('what is behind it is handled', () => handled.includes('after'));
    expect(await quarantine.list()).toMatchObject([{ position: poison }]);
    await reaction.handleAgain(poison); // there is nothing to do about it any more
    expect(handled.sort()).toEqual(['after', 'before', 'elsewhere']);
  });

  it('is passed at once by who comes later', async () => {
    const first = program();
    const stream = notebookStream('n1');
    const poison = await publish(stream, garbage);
    await first.passOver(poison, stream, commitHash(garbage));
    const last = await first.write('n1', 'after');
    await reaches(last, first.runner, first.fold);
    const live = await rows();
    await first.end();
    await pool.query('TRUNCATE note, notebook, projection_checkpoint');
    const { runner, fold, resumed } = program();
    expect(await Promise.all([runner.waitFor(last, 20_000), fold.waitFor(last, 20_000)])).toEqual([true, true]);
    expect(resumed).toEqual([]); // it never halted
    expect(await rows()).toEqual(live);
  });

  it('is passed for ever: a program that could read it gives the same rows', async () => {
    const known = eventRegistry(notebookEvents);
    const stream = notebookStream('n1');
    const bytes = known.encode(stream, [NoteWritten({ noteId: 'a', text: 'a' })], commandMetadata(), null);
    const position = await publish(stream, bytes);
    // Said by a program that did not know notes yet.
    const mark = LogEntryPassedOver({ position, stream, hash: commitHash(bytes), problem: 'no event NoteWritten' });
    const commit = eventRegistry(logEntryEvents).encode(logEntryStream(position), [mark], commandMetadata(), null);
    await publish(logEntryStream(position), commit);

    const { runner, fold, store, write } = program();
    const last = await write('n1', 'b');
    await reaches(last, runner, fold);
    expect((await store.read(stream)).events).toHaveLength(1);
    expect(fold.state).toEqual(['b']);
    expect((await rows()).notes.map(({ id }) => id as string)).toEqual(['n1/b']);
    await eventually('it is handled', () => handled.length > 0);
    expect(handled).toEqual(['b']);
  });

  it('is only the one whose bytes were meant, and only as the log says it', async () => {
    const { passOver, runner, fold } = program();
    const stream = notebookStream('n1');
    const poison = await publish(stream, garbage);
    await passOver(poison, stream, commitHash(new TextEncoder().encode('other garbage')));
    const second = await publish(notebookStream('n2'), garbage);
    await publish(logEntryStream(second), 'garbage about garbage');
    await eventually('both have halted', () => [runner, fold].every(({ status }) => status.status === 'halted'));
    await new Promise((resolve) => setTimeout(resolve, 2_500)); // they have looked again
    for (const { status } of [runner, fold])
      expect(status).toMatchObject({ status: 'halted', halt: { position: poison } });
  });
});
