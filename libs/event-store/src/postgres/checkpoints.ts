import type { Checkpoint, Halt, HaltKind, ProjectionRequest, ProjectionState } from '../projection/index.js';
import { quoted } from './pg.js';
import type { Queryable } from './pg.js';

/** The one row about a group of projections. */
export class Checkpoints {
  readonly lockName: string;
  private readonly table: string;

  constructor(
    table: string,
    private readonly name: string,
  ) {
    this.lockName = `caravan projection ${table}/${name}`;
    this.table = quoted(table);
  }

  async read(client: Queryable): Promise<ProjectionState> {
    const { rows } = await client.query(`SELECT * FROM ${this.table} WHERE name = $1`, [this.name]);
    const row = rows[0];
    if (!row) return { position: 0, commitHash: null, halt: null, request: null, rebuilds: 0 };
    const { halted_reason: reason, halted_stream: stream } = row;
    // One that an older version remembered has no kind; that version is gone, and this one tries again.
    const kind = (row.halted_kind ?? 'unfit') as HaltKind;
    const halt = { kind, position: Number(row.halted_position), stream, reason } as Halt;
    return {
      position: Number(row.position),
      commitHash: row.commit_hash as string | null,
      halt: reason === null ? null : halt,
      request: row.request as ProjectionRequest | null,
      rebuilds: Number(row.rebuilds),
    };
  }

  async make(client: Queryable): Promise<void> {
    await client.query(`INSERT INTO ${this.table} (name) VALUES ($1) ON CONFLICT DO NOTHING`, [this.name]);
  }

  async request(client: Queryable, request: ProjectionRequest): Promise<void> {
    await this.make(client);
    // A rebuild that was asked for is not lessened by somebody who asks to resume.
    await client.query(
      `UPDATE ${this.table} SET request = CASE request WHEN 'rebuild' THEN 'rebuild' ELSE $2 END WHERE name = $1`,
      [this.name, request],
    );
  }

  /** Whether it was still at `from`: a second owner, were there one, would be found out here. */
  async advance(client: Queryable, from: number, { position, commitHash }: Checkpoint): Promise<boolean> {
    const { rowCount } = await client.query(
      `UPDATE ${this.table} SET position = $3, commit_hash = $4, ${NOT_HALTED} WHERE name = $1 AND position = $2`,
      [this.name, from, position, commitHash],
    );
    return rowCount === 1;
  }

  async rebuilt(client: Queryable, { position, commitHash }: Checkpoint): Promise<void> {
    await client.query(
      `UPDATE ${this.table} SET position = $2, commit_hash = $3, request = NULL, rebuilds = rebuilds + 1, ${NOT_HALTED}
       WHERE name = $1`,
      [this.name, position, commitHash],
    );
  }

  async halt(client: Queryable, { kind, position, stream, reason }: Halt, failed?: ProjectionRequest): Promise<void> {
    await client.query(
      `UPDATE ${this.table} SET request = NULLIF(request, $6),
         halted_at = now(), halted_position = $2, halted_stream = $3, halted_reason = $4, halted_kind = $5
       WHERE name = $1`,
      [this.name, position, stream, reason.replaceAll('\0', ''), kind, failed ?? null],
    );
  }

  async resume(client: Queryable): Promise<void> {
    await client.query(`UPDATE ${this.table} SET request = NULLIF(request, 'resume'), ${NOT_HALTED} WHERE name = $1`, [
      this.name,
    ]);
  }
}

const NOT_HALTED =
  'halted_at = NULL, halted_position = NULL, halted_stream = NULL, halted_reason = NULL, halted_kind = NULL';
