import type {
  Projection,
  ProjectionRequest,
  ProjectionSession,
  ProjectionState,
  ProjectionStore,
} from '../projection/index.js';
import { Checkpoints } from './checkpoints.js';
import type { PgPool } from './pg.js';
import { PostgresProjectionSession } from './projection-session.js';
import { CHECKPOINT_TABLE } from './schema.js';
import { TableWriter } from './table-writer.js';

export interface PostgresProjectionOptions {
  readonly pool: PgPool;
  /** The name of the group: of its checkpoint and of its lock. */
  readonly name: string;
  /** In the order in which their rows are written. */
  readonly projections: readonly Projection[];
  /** Default `projection_checkpoint`; `checkpointTableSql` makes it. */
  readonly checkpointTable?: string;
  /** How many changed rows a rebuild gathers before it writes them; it keeps twice as many in memory. Default 20,000. */
  readonly rebuildRows?: number;
}

/**
 * Rows in PostgreSQL. One owner by a session lock; it is gone with the connection, and the server notices a vanished machine
 * within half a minute.
 *
 * Tables need a unique index on the key. Another unique index must be DEFERRABLE INITIALLY DEFERRED (two rows may swap a value
 * within one batch), and a foreign key too.
 */
export class PostgresProjectionStore implements ProjectionStore {
  private readonly checkpoints: Checkpoints;
  private readonly tables: ReadonlyMap<string, TableWriter>;

  constructor(private readonly options: PostgresProjectionOptions) {
    this.checkpoints = new Checkpoints(options.checkpointTable ?? CHECKPOINT_TABLE, options.name);
    this.tables = new Map(options.projections.map((projection) => [projection.table, new TableWriter(projection)]));
    if (this.tables.size !== options.projections.length) throw new RangeError('two projections write one table');
  }

  state(): Promise<ProjectionState> {
    return this.checkpoints.read(this.options.pool);
  }

  request(request: ProjectionRequest): Promise<void> {
    return this.checkpoints.request(this.options.pool, request);
  }

  async own(): Promise<ProjectionSession | undefined> {
    const client = await this.options.pool.connect();
    const session = new PostgresProjectionSession(client, this.checkpoints, this.tables, this.options.rebuildRows);
    try {
      if (await session.lock(this.checkpoints.lockName)) return session;
    } catch (error) {
      session.abandon(error as Error);
      throw error;
    }
    await session.release();
    return undefined;
  }
}
