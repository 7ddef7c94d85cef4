import type { Column, Projection, Row, RowWrites } from '../projection/index.js';
import { quoted } from './pg.js';
import type { Queryable } from './pg.js';

/** Reads and writes the rows of one projection, many at once: `unnest` is three times as fast as rows of parameters. */
export class TableWriter {
  private readonly select: string;
  private readonly upsert: string;
  private readonly remove: string;
  private readonly removeAll: string;

  constructor(private readonly projection: Projection) {
    const { columns, key } = projection;
    const table = quoted(projection.table);
    const names = columns.map(({ name }) => quoted(name));
    const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
    const others = columns.filter((column) => column !== key).map(({ name }) => quoted(name));
    const update = others.map((name) => `${name} = EXCLUDED.${name}`).join(', ');
    this.select = `SELECT ${names.join(', ')} FROM ${table} WHERE ${quoted(key.name)} = ANY($1::${key.type}[])`;
    this.upsert =
      `INSERT INTO ${table} (${names.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')}) ` +
      `ON CONFLICT (${quoted(key.name)}) DO ${update === '' ? 'NOTHING' : `UPDATE SET ${update}`}`;
    this.remove = `DELETE FROM ${table} WHERE ${quoted(key.name)} = ANY($1::${key.type}[])`;
    this.removeAll = `DELETE FROM ${table}`;
  }

  async load(client: Queryable, ids: readonly string[]): Promise<Map<string, Row>> {
    if (ids.length === 0) return new Map();
    const { rows } = await client.query(this.select, [ids]);
    const { columns, key } = this.projection;
    return new Map(
      rows.map((stored) => {
        const row = Object.fromEntries(columns.map((column) => [column.property, fromStored(column, stored)]));
        return [row[key.property] as string, row];
      }),
    );
  }

  async upsertAll(client: Queryable, { upserts }: RowWrites): Promise<void> {
    if (upserts.length === 0) return;
    const values = this.projection.columns.map((column) => upserts.map((row) => toStored(column, row)));
    await client.query(this.upsert, values);
  }

  async removeSome(client: Queryable, { removals }: RowWrites): Promise<void> {
    if (removals.length > 0) await client.query(this.remove, [removals]);
  }

  /** DELETE, not TRUNCATE: whoever reads meanwhile sees the old rows, and does not wait. */
  async empty(client: Queryable): Promise<void> {
    await client.query(this.removeAll);
  }
}

function toStored({ property, type }: Column, row: Row): unknown {
  const value = row[property] ?? null;
  return type === 'jsonb' && value !== null ? JSON.stringify(value) : value;
}

/** As the projection wrote it: times as ISO-8601 text, numbers as numbers. */
function fromStored({ name, type }: Column, stored: Row): unknown {
  const value = stored[name];
  if (value instanceof Date) return value.toISOString();
  return type === 'int8' && typeof value === 'string' ? Number(value) : value;
}
