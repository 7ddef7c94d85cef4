import type { ProjectionBatch, Row, RowBatch, RowWrites } from '../projection/index.js';
import type { Queryable } from './pg.js';
import type { TableWriter } from './table-writer.js';

/** So many changed rows of all tables together are written at once, while the next are folded. */
const GENERATION_ROWS = 20_000;

/** Undefined: removed. */
type Rows = Map<string, Row | undefined>;
type Fold = (batch: RowBatch, rows: ReadonlyMap<string, Row>) => RowWrites;

/**
 * The rows of one table while it is made anew: it was emptied, so what is not here and was never written is nowhere. A row that
 * a thousand events change is written a few times, not a thousand times within one transaction that cannot clean up behind it.
 */
class RebuiltTable {
  /** Changed since the last writing. */
  private young: Rows = new Map();
  /** Written last, or being written: what was changed a moment ago is often changed again. */
  private old: Rows = new Map();
  private written = false;

  constructor(readonly writer: TableWriter) {}

  get size(): number {
    return this.young.size;
  }

  async fold(batch: RowBatch, fold: Fold, load: (ids: readonly string[]) => Promise<Map<string, Row>>): Promise<void> {
    const before = new Map<string, Row>();
    const unknown: string[] = [];
    for (const id of batch.idsToLoad()) {
      const rows = this.young.has(id) ? this.young : this.old;
      const row = rows.get(id);
      if (row) before.set(id, row);
      else if (this.written && !rows.has(id)) unknown.push(id);
    }
    if (unknown.length > 0) for (const [id, row] of await load(unknown)) before.set(id, row);
    const { upserts, removals } = fold(batch, before);
    const key = batch.projection.key.property;
    for (const row of upserts) this.young.set(row[key] as string, row);
    for (const id of removals) this.young.set(id, undefined);
  }

  /** What is to be written now; from here on it counts as old. */
  age(): RowWrites {
    const upserts: Row[] = [];
    const removals: string[] = [];
    for (const [id, row] of this.young) {
      if (row) upserts.push(row);
      else if (this.written) removals.push(id);
    }
    this.old = this.young;
    this.young = new Map();
    this.written = true;
    return { upserts, removals };
  }
}

/** The tables of a rebuild, in their order. The database empties and writes them while the log is read and folded. */
export class Rebuild {
  private readonly tables: ReadonlyMap<string, RebuiltTable>;
  /** The one use of the connection that is under way. Whoever needs it next waits for it, and is told when it failed. */
  private writing: Promise<void>;

  constructor(
    private readonly client: Queryable,
    writers: ReadonlyMap<string, TableWriter>,
    private readonly generationRows = GENERATION_ROWS,
  ) {
    this.tables = new Map([...writers].map(([name, writer]) => [name, new RebuiltTable(writer)]));
    this.writing = this.began(this.empty());
  }

  /** To be called one after the other. */
  async add({ tables }: ProjectionBatch, fold: Fold): Promise<void> {
    let rows = 0;
    for (const batch of tables) {
      const table = this.tables.get(batch.projection.table);
      if (!table) throw new RangeError(`${batch.projection.table} does not belong to this store`);
      await table.fold(batch, fold, (ids) => this.load(table, ids));
      rows += table.size;
    }
    if (rows > this.generationRows) await this.turn();
  }

  /** Resolves when everything is written. */
  async finish(): Promise<void> {
    await this.turn();
    await this.writing;
  }

  /** Resolves when the connection is free again, whatever came of it. */
  async settled(): Promise<void> {
    await this.writing.catch(() => undefined); // `add` or `finish` said so, or failed before
  }

  private async turn(): Promise<void> {
    await this.writing;
    const generation = [...this.tables.values()].map((table) => ({ table, writes: table.age() }));
    this.writing = this.began(this.write(generation));
  }

  private async load(table: RebuiltTable, ids: readonly string[]): Promise<Map<string, Row>> {
    await this.writing;
    return table.writer.load(this.client, ids);
  }

  private async empty(): Promise<void> {
    for (const { writer } of [...this.tables.values()].reverse()) await writer.empty(this.client);
  }

  /** Removals come first, so that a value that must be unique is free again for the row that takes it over. */
  private async write(generation: readonly { table: RebuiltTable; writes: RowWrites }[]): Promise<void> {
    for (const { table, writes } of [...generation].reverse()) await table.writer.removeSome(this.client, writes);
    for (const { table, writes } of generation) await table.writer.upsertAll(this.client, writes);
  }

  private began(work: Promise<void>): Promise<void> {
    work.catch(() => undefined); // until somebody waits for it
    return work;
  }
}
