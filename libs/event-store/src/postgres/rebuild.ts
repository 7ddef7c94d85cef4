import type { ProjectionBatch, Row, RowBatch, RowWrites } from '../projection/index.js';
import type { Queryable } from './pg.js';
import type { TableWriter } from './table-writer.js';

/** Rows kept in memory until they are written: some hundred MB of wide ones. */
const MOST_ROWS = 200_000;

/**
 * The rows of one table while it is made anew: it was emptied, so what is not here and was never written is nowhere. A row
 * that a thousand events change is written once, not a thousand times within one transaction that cannot clean up behind it.
 */
export class RebuiltTable {
  /** Undefined: removed, or known not to exist. */
  private rows = new Map<string, Row | undefined>();
  private written = false;

  constructor(private readonly table: TableWriter) {}

  get size(): number {
    return this.rows.size;
  }

  async fold(client: Queryable, batch: RowBatch, fold: (rows: ReadonlyMap<string, Row>) => RowWrites): Promise<void> {
    const needed = batch.idsToLoad();
    const before = new Map<string, Row>();
    const unknown = this.written ? needed.filter((id) => !this.rows.has(id)) : [];
    for (const [id, row] of await this.table.load(client, unknown)) before.set(id, row);
    for (const id of needed) {
      const row = this.rows.get(id);
      if (row) before.set(id, row);
    }
    const { upserts, removals } = fold(before);
    const key = batch.projection.key.property;
    for (const row of upserts) this.rows.set(row[key] as string, row);
    for (const id of removals) this.rows.set(id, undefined);
  }

  async write(client: Queryable): Promise<void> {
    const upserts = [...this.rows.values()].filter((row) => row !== undefined);
    if (this.written) {
      const removals = [...this.rows].filter(([, row]) => !row).map(([id]) => id);
      await this.table.removeSome(client, { upserts: [], removals });
    }
    for (let from = 0; from < upserts.length; from += 5_000) {
      await this.table.upsertAll(client, { upserts: upserts.slice(from, from + 5_000), removals: [] });
    }
    this.rows = new Map();
    this.written = true;
  }
}

/** The tables of a rebuild, in their order. */
export class Rebuild {
  private readonly tables: ReadonlyMap<string, RebuiltTable>;

  constructor(
    writers: ReadonlyMap<string, TableWriter>,
    private readonly mostRows = MOST_ROWS,
  ) {
    this.tables = new Map([...writers].map(([name, writer]) => [name, new RebuiltTable(writer)]));
  }

  async add(
    client: Queryable,
    { tables }: ProjectionBatch,
    fold: (batch: RowBatch, rows: ReadonlyMap<string, Row>) => RowWrites,
  ): Promise<void> {
    let rows = 0;
    for (const batch of tables) {
      const table = this.tables.get(batch.projection.table);
      if (!table) throw new RangeError(`${batch.projection.table} does not belong to this store`);
      await table.fold(client, batch, (before) => fold(batch, before));
      rows += table.size;
    }
    if (rows > this.mostRows) await this.write(client);
  }

  async write(client: Queryable): Promise<void> {
    for (const table of this.tables.values()) await table.write(client);
  }
}
