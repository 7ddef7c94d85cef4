import { killPoint } from '@caravan/kill-points';
import { UnfitRowError } from '../projection/index.js';
import type {
  Checkpoint,
  Halt,
  ProjectionBatch,
  ProjectionRequest,
  ProjectionSession,
  Row,
  RowBatch,
  RowWrites,
} from '../projection/index.js';
import { sqlState } from './pg.js';
import type { PgClient } from './pg.js';
import type { Checkpoints } from './checkpoints.js';
import { Rebuild } from './rebuild.js';
import type { TableWriter } from './table-writer.js';

/** A connection that holds the lock, and writes. */
export class PostgresProjectionSession implements ProjectionSession {
  private readonly losing = new AbortController();
  readonly lost: AbortSignal = this.losing.signal;
  private position = 0;
  private released = false;
  private readonly onEnd = (error?: Error): void => this.losing.abort(error ?? new Error('the connection was closed'));

  constructor(
    private readonly client: PgClient,
    private readonly checkpoints: Checkpoints,
    private readonly tables: ReadonlyMap<string, TableWriter>,
    private readonly generationRows: number | undefined,
  ) {
    client.on('error', this.onEnd);
    client.on('end', this.onEnd);
  }

  /** Whether this connection is the owner now. */
  async lock(name: string): Promise<boolean> {
    const { rows } = await this.client.query(`SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine`, [name]);
    if (rows[0]?.mine !== true) return false;
    // So that the server lets go of a lock whose owner's machine is gone.
    await this.client.query(
      'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3',
    );
    await this.checkpoints.make(this.client);
    return true;
  }

  async checkpoint(): Promise<Checkpoint> {
    const { position, commitHash } = await this.checkpoints.read(this.client);
    this.position = position;
    return { position, commitHash };
  }

  async write(batch: ProjectionBatch): Promise<void> {
    await this.transaction(async () => {
      await this.writeRows(batch);
      const mine = await this.checkpoints.advance(this.client, this.position, batch.to);
      if (!mine) throw new Error(`the checkpoint is no longer at ${this.position}: somebody else wrote it`);
      if (killPoint) await killPoint('projection.written', String(batch.to.position));
    });
    if (killPoint) await killPoint('projection.committed', String(batch.to.position));
    this.position = batch.to.position;
  }

  async rebuild(fill: (write: (batch: ProjectionBatch) => Promise<void>) => Promise<void>): Promise<void> {
    let to: Checkpoint = { position: 0, commitHash: null };
    await this.transaction(async () => {
      const rebuild = new Rebuild(this.client, this.tables, this.generationRows);
      try {
        await fill(async (batch) => {
          await rebuild.add(batch, folded);
          to = batch.to;
        });
        await rebuild.finish();
      } finally {
        await rebuild.settled();
      }
      await this.checkpoints.rebuilt(this.client, to);
    });
    this.position = to.position;
  }

  halt(halt: Halt, failed?: ProjectionRequest): Promise<void> {
    return this.checkpoints.halt(this.client, halt, failed);
  }

  resume(): Promise<void> {
    return this.checkpoints.resume(this.client);
  }

  async release(): Promise<void> {
    if (this.lost.aborted) return this.abandon(this.lost.reason as Error);
    const failed = await this.client.query('SELECT pg_advisory_unlock_all()').then(
      () => undefined,
      (error: Error) => error,
    );
    // A connection in doubt is thrown away, and the lock goes with it.
    this.abandon(failed);
  }

  abandon(error?: Error): void {
    if (this.released) return;
    this.released = true;
    this.client.removeListener('end', this.onEnd);
    this.client.release(error);
    this.client.removeListener('error', this.onEnd); // after the pool has its own
  }

  /** Removals come first, so that a value that must be unique is free again for the row that takes it over. */
  private async writeRows({ tables }: ProjectionBatch): Promise<void> {
    const written = [];
    for (const batch of tables) {
      const table = this.tables.get(batch.projection.table);
      if (!table) throw new RangeError(`${batch.projection.table} does not belong to this store`);
      const rows = await table.load(this.client, batch.idsToLoad());
      written.push({ table, writes: folded(batch, rows) });
    }
    for (const { table, writes } of [...written].reverse()) await table.removeSome(this.client, writes);
    for (const { table, writes } of written) await table.upsertAll(this.client, writes);
  }

  private async transaction(work: () => Promise<void>): Promise<void> {
    await this.client.query('BEGIN');
    try {
      await work();
      await this.client.query('COMMIT');
    } catch (error) {
      await this.client.query('ROLLBACK').catch((failure: Error) => this.onEnd(failure));
      throw isUnfit(error) ? new UnfitRowError((error as Error).message, { cause: error }) : error;
    }
  }
}

function folded(batch: RowBatch, rows: ReadonlyMap<string, Row>): RowWrites {
  try {
    return batch.fold(rows);
  } catch (error) {
    throw new UnfitRowError((error as Error).message, { cause: error });
  }
}

/** Data exceptions, constraints, missing tables or columns. */
const isUnfit = (error: unknown): boolean => /^(22|23|42)/.test(sqlState(error) ?? '');
