import type { Quarantine, Quarantined } from '../reaction.js';
import { quoted } from './pg.js';
import type { Queryable } from './pg.js';
import { QUARANTINE_TABLE } from './schema.js';

/** The quarantine in PostgreSQL; `quarantineTableSql` makes its table. */
export class PostgresQuarantine implements Quarantine {
  private readonly table: string;

  constructor(
    private readonly pool: Queryable,
    table = QUARANTINE_TABLE,
  ) {
    this.table = quoted(table);
  }

  async record({ reaction, position, stream, reason }: Quarantined): Promise<void> {
    await this.pool.query(
      `INSERT INTO ${this.table} (reaction, position, stream, reason) VALUES ($1, $2, $3, $4)
       ON CONFLICT (reaction, position) DO UPDATE SET reason = EXCLUDED.reason, recorded_at = now()`,
      [reaction, position, stream, reason.replaceAll('\0', '')],
    );
  }

  async list(reaction?: string): Promise<readonly Quarantined[]> {
    const { rows } = await this.pool.query(
      `SELECT reaction, position, stream, reason, recorded_at FROM ${this.table}
       WHERE $1::text IS NULL OR reaction = $1 ORDER BY position, reaction`,
      [reaction ?? null],
    );
    return rows.map(({ recorded_at, position, ...row }) => ({
      ...(row as unknown as Quarantined),
      position: Number(position),
      recordedAt: (recorded_at as Date).toISOString(),
    }));
  }

  async resolve(reaction: string, position: number): Promise<void> {
    await this.pool.query(`DELETE FROM ${this.table} WHERE reaction = $1 AND position = $2`, [reaction, position]);
  }
}
