import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NatsConnection } from '@nats-io/nats-core';
import pg from 'pg';
import { eventRegistry, handleCommand, projectRows } from '@caravan/event-store';
import type { Projection, RecordedEvent } from '@caravan/event-store';
import { ensureLog, Fold, HaltedError, JetStreamEventStore, ProjectionRunner } from '@caravan/event-store/jetstream';
import type { ProjectionRunnerOptions } from '@caravan/event-store/jetstream';
import { checkpointTableSql, PostgresProjectionStore } from '@caravan/event-store/postgres';
import { launchNats, launchPostgres } from '../servers/index.js';
import type { TestNats, TestPostgres } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { noteProjection, notebookProjection, notebookTablesSql } from './notebook-projections.js';
import { notebook, notebookEvents, notebookStream } from './index.js';
import type { NotebookCommand } from './index.js';

jest.setTimeout(30_000); // a busy disk takes its time to sync

const registry = eventRegistry(notebookEvents);
const projections: readonly Projection[] = [noteProjection, notebookProjection];

describe('a projection', () => {
  let postgres: TestPostgres;
  let nats: TestNats;
  let nc: NatsConnection;
  let pool: pg.Pool;
  let handle: (command: NotebookCommand) => Promise<{ position: number }>;
  const runners: ProjectionRunner[] = [];
  let problems: string[] = [];
  let halts: HaltedError[] = [];

  beforeAll(async () => {
    postgres = await launchPostgres();
  }, 120_000);
  afterAll(() => postgres.stop(), 20_000);
  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect({ reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    await ensureLog(nc);
    pool = new pg.Pool({ connectionString: await postgres.createDatabase() });
    pool.on('error', () => undefined);
    await pool.query(`${checkpointTableSql()}; ${notebookTablesSql}`);
    const store = new JetStreamEventStore(nc, { registry, timeoutMs: 2_000 });
    handle = handleCommand({ store, decider: notebook, stream: ({ notebookId }) => notebookStream(notebookId) });
    [problems, halts] = [[], []];
  }, 60_000);
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.stop()));
    await pool.end();
    await nats.stop();
  }, 20_000);

  const run = (more: Partial<ProjectionRunnerOptions> = {}): ProjectionRunner => {
    const runner = new ProjectionRunner({
      nc,
      name: 'notebooks',
      projections,
      store: new PostgresProjectionStore({ pool, name: 'notebooks', projections }),
      registry,
      lookMs: 100,
      problem: (error) => problems.push(error.message),
      halted: (error) => halts.push(error),
      ...more,
    });
    runners.push(runner);
    return runner.start();
  };
  const write = (notebookId: string, text: string) =>
    handle({
      type: 'WriteNote',
      notebookId,
      noteId: text,
      text,
      metadata: commandMetadata({ commandId: randomUUID() }),
    });
  const other = (type: 'RemoveAllNotes' | 'CloseNotebook', notebookId: string) =>
    handle({ type, notebookId, metadata: commandMetadata({ commandId: randomUUID() }) });
  const load = async (count: number, from = 0): Promise<number> => {
    const positions: number[] = [];
    for (let n = from; n < from + count; n += 20) {
      const some = await Promise.all(Array.from({ length: 20 }, (_, m) => write(`n${m % 10}`, `${n + m}`)));
      positions.push(...some.map(({ position }) => position));
    }
    return Math.max(...positions);
  };

  /** The rows as they lie in the tables, and as a fold of the log in memory makes them. */
  const stored = async () => ({
    notes: (await pool.query('SELECT * FROM note ORDER BY id COLLATE "C"')).rows.map(
      (row: Record<string, unknown>) => ({
        id: row.id,
        notebook: row.notebook,
        text: row.text,
        writtenAt: (row.written_at as Date).toISOString(),
        position: Number(row.position),
        tags: row.tags,
        removed: row.removed,
      }),
    ),
    notebooks: (await pool.query('SELECT id, notes, closer FROM notebook ORDER BY id COLLATE "C"')).rows.map(
      ({ closer, ...row }: { closer: string | null }) => ({ ...row, closedBy: closer }),
    ),
  });
  const folded = async () => {
    const initial: RecordedEvent[] = [];
    const fold = new Fold({
      nc,
      name: 'all',
      registry,
      initial,
      evolve: (all, event) => (all.push(event), all),
    }).start();
    await fold.caughtUp;
    const events = fold.state;
    await fold.stop();
    const sorted = <R extends { id: string }>(rows: Map<string, R>) =>
      [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return {
      notes: sorted(projectRows(noteProjection, events)),
      notebooks: sorted(projectRows(notebookProjection, events)),
    };
  };

  it('is what a fold of the log is, whatever the batches', async () => {
    await load(60);
    await other('RemoveAllNotes', 'n1');
    await write('n1', 'ünïcode ✓ "quoted" \\ {braces}, and, commas');
    await other('CloseNotebook', 'n2');
    const live = run({ batch: 7 });
    await other('RemoveAllNotes', 'n3');
    const { position } = await write('n4', 'last');
    expect(await live.waitFor(position, 10_000)).toBe(true);
    expect(live.status).toEqual({ status: 'running', position });
    expect(await live.waitFor(position + 1, 50)).toBe(false);
    expect(await stored()).toEqual(await folded());
    expect((await stored()).notes.length).toBeGreaterThan(40);
  });

  it('is what a fold is after nats-server was killed under load and started again', async () => {
    const runner = run();
    await load(100);
    const loading = load(600, 100).catch(() => undefined);
    await sleep(60);
    await nats.kill();
    await nats.restart();
    await loading;
    let last = 0;
    for (let attempt = 0; last === 0; attempt++) last = await load(20, 10_000 + attempt * 20).catch(() => 0);
    expect(await runner.waitFor(last, 20_000)).toBe(true);
    expect(await stored()).toEqual(await folded());
  }, 60_000);

  it('is what a fold is after PostgreSQL was killed under load and started again', async () => {
    const runner = run({ batch: 3 });
    const loading = load(400);
    await runner.waitFor(50, 10_000);
    await postgres.kill();
    await sleep(100);
    await postgres.restart();
    expect(await runner.waitFor(await loading, 20_000)).toBe(true);
    expect(await stored()).toEqual(await folded());
    expect(problems).not.toEqual([]);
  }, 60_000);

  it('has one owner; another stands by, knows the position, and takes over', async () => {
    const one = run();
    await load(20);
    await one.waitFor(20, 10_000);
    const two = run();
    const last = await load(20, 100);
    expect(await two.waitFor(last, 10_000)).toBe(true);
    expect([one.status.status, two.status.status]).toEqual(['running', 'standby']);
    await one.stop();
    const next = await load(20, 200);
    expect(await two.waitFor(next, 10_000)).toBe(true);
    expect([one.status.status, two.status.status]).toEqual(['stopped', 'running']);
    // An owner whose connection is cut loses the ownership with it, and with whatever it had under way.
    const three = run();
    await sleep(200);
    const loading = load(200, 1_000);
    const { rows } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database =
         (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    expect(rows).toHaveLength(1);
    const end = await loading;
    expect(await Promise.all([two.waitFor(end, 10_000), three.waitFor(end, 10_000)])).toEqual([true, true]);
    expect([two.status.status, three.status.status].sort()).toEqual(['running', 'standby']);
    expect(await stored()).toEqual(await folded());
  }, 30_000);

  it('halts on poison, shows it everywhere, and goes on when it can be read', async () => {
    await load(20);
    const { data, ...rest } = (await new JetStreamEventStore(nc, { registry }).read(notebookStream('n1'))).events[0]!;
    const commit = {
      format: 1,
      ...rest.metadata,
      previous: null,
      at: rest.at,
      events: [{ type: 'NoteBurned', version: 1, data }],
    };
    await nc.request('caravan.evt.topology.notebook.n1', JSON.stringify(commit));
    const behind = await write('n2', 'behind');
    const owner = run();
    await expect(owner.waitFor(behind.position, 10_000)).rejects.toThrow(HaltedError);
    const halt = {
      kind: 'newer',
      position: 21,
      stream: 'caravan.evt.topology.notebook.n1',
      reason: 'no event NoteBurned is declared',
    };
    expect(owner.status).toEqual({ status: 'halted', position: 20, halt });
    expect(halts).toHaveLength(1);
    const standby = run();
    await expect(standby.waitFor(behind.position, 10_000)).rejects.toMatchObject({ halt });
    expect((await pool.query('SELECT * FROM projection_checkpoint')).rows).toMatchObject([
      { name: 'notebooks', position: '20', halted_position: '21', halted_reason: halt.reason, halted_kind: 'newer' },
    ]);
    expect((await stored()).notes).toHaveLength(20); // all before it, nothing behind it

    await owner.resume(); // nothing was repaired
    for (let n = 0; n < 100 && halts.length < 2; n++) await sleep(50);
    expect(halts).toHaveLength(2);
    await expect(owner.rebuild()).rejects.toThrow(HaltedError);
    expect((await stored()).notes).toHaveLength(20); // and the rows are still there

    await Promise.all([owner.stop(), standby.stop()]);
    const knowing = eventRegistry([...notebookEvents, { ...registry.types.get('NoteWritten')!, type: 'NoteBurned' }]);
    const upgraded = run({ registry: knowing });
    expect(await upgraded.waitFor(behind.position, 10_000)).toBe(true);
    expect((await pool.query('SELECT halted_reason FROM projection_checkpoint')).rows).toEqual([
      { halted_reason: null },
    ]);
  }, 30_000);

  it('halts at the very commit whose row does not fit', async () => {
    await load(20);
    const bad = await write('n3', 'unfit');
    const last = await load(20, 100);
    const runner = run();
    await expect(runner.waitFor(last, 10_000)).rejects.toThrow(/check constraint/);
    expect(runner.status).toMatchObject({
      status: 'halted',
      position: bad.position - 1,
      halt: { position: bad.position },
    });
    await pool.query('ALTER TABLE note DROP CONSTRAINT note_text_check');
    await runner.resume();
    for (let n = 0; n < 100 && runner.status.status === 'halted'; n++) await sleep(50);
    expect(await runner.waitFor(last, 10_000)).toBe(true);
    expect(await stored()).toEqual(await folded());
  });

  it('is rebuilt to the same rows, which can be read meanwhile, at the wish of any replica', async () => {
    const last = await load(200);
    const small = new PostgresProjectionStore({ pool, name: 'notebooks', projections, rebuildRows: 20 });
    const owner = run({ store: small });
    await owner.waitFor(last, 10_000);
    const standby = run();
    await standby.waitFor(last, 10_000);
    const before = await stored();
    await pool.query(`UPDATE note SET text = 'tampered' WHERE id = 'n1/1'; DELETE FROM note WHERE id = 'n2/2';
      INSERT INTO notebook VALUES ('ghost', 1, NULL)`);
    const watching = new AbortController();
    const counts = new Set<number>();
    const watch = (async () => {
      while (!watching.signal.aborted) counts.add((await stored()).notes.length);
    })();
    await Promise.all([standby.rebuild(), load(40, 5_000)]);
    watching.abort();
    await watch;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(before.notes.length - 1); // never half of it
    await owner.waitFor(last + 40, 10_000);
    expect(await stored()).toEqual(await folded());
    await other('RemoveAllNotes', 'n5');
    await owner.rebuild();
    expect(await stored()).toEqual(await folded());
    await owner.stop();
    await standby.rebuild(); // all rows in memory
    expect(await stored()).toEqual(await folded());
    expect((await pool.query('SELECT rebuilds, request FROM projection_checkpoint')).rows).toEqual([
      { rebuilds: '3', request: null },
    ]);
  }, 30_000);

  it.each(['shorter', 'longer'])(
    'halts when the log was replaced by a %s one',
    async (other) => {
      const runner = run();
      await runner.waitFor(await load(20), 10_000);
      await runner.stop();
      const again = async (count: number) => {
        await nats.kill();
        rmSync(nats.storeDir, { recursive: true });
        await nats.restart();
        await ensureLog(await nats.connect());
        const store = new JetStreamEventStore(await nats.connect(), { registry });
        handle = handleCommand({ store, decider: notebook, stream: ({ notebookId }) => notebookStream(notebookId) });
        await load(count);
      };
      await again(other === 'longer' ? 40 : 0);
      const after = run();
      await expect(after.waitFor(60, 10_000)).rejects.toThrow(
        other === 'longer' ? /was replaced/ : /went back|ends at 0/,
      );
      expect((await stored()).notes).toHaveLength(20);
    },
    30_000,
  );

  it('does not write what somebody else has written', async () => {
    const runner = run();
    await runner.waitFor(await load(20), 10_000);
    await pool.query('UPDATE projection_checkpoint SET position = position + 1, commit_hash = NULL');
    await load(20, 100);
    for (let n = 0; n < 100 && problems.length === 0; n++) await sleep(20);
    expect(problems[0]).toMatch(/somebody else/);
  });
});
