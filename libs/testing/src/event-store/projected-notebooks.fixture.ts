import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Pool } from 'pg';
import { eventRegistry, handleCommand, projectRows } from '@caravan/event-store';
import type { Projection, RecordedEvent } from '@caravan/event-store';
import { ensureLog, Fold, JetStreamEventStore, ProjectionRunner } from '@caravan/event-store/jetstream';
import type { HaltedError, ProjectionRunnerOptions } from '@caravan/event-store/jetstream';
import { checkpointTableSql, PostgresProjectionStore } from '@caravan/event-store/postgres';
import { launchNats, poolOn, usePostgres } from '../servers/index.js';
import type { TestNats, TestPostgres } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream } from './notebook.js';
import type { NotebookCommand } from './notebook.js';
import { noteProjection, notebookProjection, notebookTablesSql } from './notebook-projections.js';

export const registry = eventRegistry(notebookEvents);
export const projections: readonly Projection[] = [noteProjection, notebookProjection];

/** A log of notebooks, a database, and whoever projects the one into the other: anew for each test. */
export class ProjectedNotebooks {
  nats!: TestNats;
  nc!: NatsConnection;
  pool!: Pool;
  /** What the runners told. */
  problems: string[] = [];
  halts: HaltedError[] = [];
  private handle!: (command: NotebookCommand) => Promise<{ position: number }>;
  private readonly runners: ProjectionRunner[] = [];

  constructor(private readonly launched: () => TestPostgres) {}

  get postgres(): TestPostgres {
    return this.launched();
  }

  async begin(): Promise<void> {
    this.nats = await launchNats({ jetstream: true });
    this.nc = await this.nats.connect({ reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    await ensureLog(this.nc);
    this.pool = poolOn(await this.postgres.createDatabase());
    await this.pool.query(`${checkpointTableSql()}; ${notebookTablesSql}`);
    this.writeTo(new JetStreamEventStore(this.nc, { registry, timeoutMs: 2_000 }));
    [this.problems, this.halts] = [[], []];
  }

  async end(): Promise<void> {
    await Promise.all(this.runners.splice(0).map((runner) => runner.stop()));
    await this.pool.end();
    await this.nats.stop();
  }

  /** As another replica; started. */
  run(more: Partial<ProjectionRunnerOptions> = {}): ProjectionRunner {
    const runner = new ProjectionRunner({
      nc: this.nc,
      name: 'notebooks',
      projections,
      store: new PostgresProjectionStore({ pool: this.pool, name: 'notebooks', projections }),
      registry,
      lookMs: 100,
      problem: (error) => this.problems.push(error.message),
      halted: (error) => this.halts.push(error),
      ...more,
    });
    this.runners.push(runner);
    return runner.start();
  }

  write(notebookId: string, text: string): Promise<{ position: number }> {
    const metadata = commandMetadata({ commandId: randomUUID() });
    return this.handle({ type: 'WriteNote', notebookId, noteId: text, text, metadata });
  }

  command(type: 'RemoveAllNotes' | 'CloseNotebook', notebookId: string): Promise<{ position: number }> {
    return this.handle({ type, notebookId, metadata: commandMetadata({ commandId: randomUUID() }) });
  }

  /** Writes so many notes, in twenties, into ten notebooks; answers the last position. */
  async load(count: number, from = 0): Promise<number> {
    const positions: number[] = [];
    for (let n = from; n < from + count; n += 20) {
      const some = Array.from({ length: 20 }, (_, m) => this.write(`n${m % 10}`, `${n + m}`));
      await Promise.allSettled(some); // when one fails, none is under way any more
      positions.push(...(await Promise.all(some)).map(({ position }) => position));
    }
    return Math.max(...positions);
  }

  /** The log is lost, and an empty one is in its place. */
  async emptyLog(): Promise<void> {
    await this.nats.kill();
    rmSync(this.nats.storeDir, { recursive: true });
    await this.nats.restart();
    await ensureLog(await this.nats.connect());
    this.writeTo(new JetStreamEventStore(await this.nats.connect(), { registry }));
  }

  /** The rows as they lie in the tables. */
  async stored() {
    const { pool } = this;
    return {
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
    };
  }

  /** The rows as a fold of the log in memory makes them. */
  async folded() {
    const fold = new Fold<RecordedEvent[]>({
      nc: this.nc,
      name: 'all',
      registry,
      initial: [],
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
  }

  private writeTo(store: JetStreamEventStore): void {
    this.handle = handleCommand({
      store,
      decider: notebook,
      stream: ({ notebookId }) => notebookStream(notebookId),
    });
  }
}

/** For a spec file or a `describe`; its hooks are set. */
export function useProjectedNotebooks(): ProjectedNotebooks {
  const notebooks = new ProjectedNotebooks(usePostgres());
  beforeEach(() => notebooks.begin());
  afterEach(() => notebooks.end());
  return notebooks;
}
