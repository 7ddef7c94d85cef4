import type { Acceptance, LogCheckpoint, OpenAlarm, WitnessLedger } from '../witness/index.js';
import { MILESTONE } from '../witness/index.js';
import type { PgPool } from './pg.js';

/** The DDL of the three tables of a witness, for the app's own migration. */
export const witnessTablesSql = (): string => `
CREATE TABLE log_checkpoint (
  sequence bigint PRIMARY KEY,
  chain text NOT NULL,
  commit_hash text NOT NULL,
  at timestamptz NOT NULL
);
CREATE TABLE log_alarm (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  raised_at timestamptz NOT NULL,
  sequence bigint NOT NULL,
  says text NOT NULL,
  ended_at timestamptz,
  ended_by text,
  why text
);
CREATE UNIQUE INDEX log_alarm_open ON log_alarm ((ended_at IS NULL)) WHERE ended_at IS NULL;
CREATE TABLE log_acceptance (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  accepted_at timestamptz NOT NULL DEFAULT now(),
  sequence bigint NOT NULL,
  commit_hash text NOT NULL,
  accepted_by text NOT NULL,
  reason text NOT NULL,
  dropped bigint NOT NULL
)`;

/** A witness's memory in PostgreSQL; `witnessTablesSql` makes its tables. Replicas of one service share it. */
export class PostgresWitnessLedger implements WitnessLedger {
  constructor(private readonly pool: PgPool) {}

  async last(): Promise<LogCheckpoint | undefined> {
    const { rows } = await this.pool.query('SELECT * FROM log_checkpoint ORDER BY sequence DESC LIMIT 1');
    return rows.map(checkpointOf)[0];
  }

  async between(after: number, upTo: number): Promise<readonly LogCheckpoint[]> {
    const { rows } = await this.pool.query(
      'SELECT * FROM log_checkpoint WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence',
      [after, upTo],
    );
    return rows.map(checkpointOf);
  }

  async add(checkpoints: readonly LogCheckpoint[]): Promise<readonly LogCheckpoint[]> {
    const last = checkpoints.at(-1);
    if (!last) return [];
    const sequences = checkpoints.map(({ sequence }) => sequence);
    await this.pool.query(
      `WITH passed AS (DELETE FROM log_checkpoint WHERE sequence < $5 AND sequence % ${MILESTONE} <> 0)
       INSERT INTO log_checkpoint (sequence, chain, commit_hash, at)
       SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::timestamptz[]) ON CONFLICT DO NOTHING`,
      [
        sequences,
        checkpoints.map(({ chain }) => chain),
        checkpoints.map(({ commitHash }) => commitHash),
        checkpoints.map(({ at }) => at),
        last.sequence,
      ],
    );
    // A statement of its own, to see what another replica wrote a moment before.
    const { rows } = await this.pool.query('SELECT * FROM log_checkpoint WHERE sequence = ANY($1) ORDER BY sequence', [
      sequences,
    ]);
    return rows.map(checkpointOf);
  }

  async openAlarm(): Promise<OpenAlarm | undefined> {
    const { rows } = await this.pool.query('SELECT * FROM log_alarm WHERE ended_at IS NULL');
    return rows.map(({ raised_at, sequence, says }) => ({
      raisedAt: raised_at as Date,
      sequence: Number(sequence),
      says: says as string,
    }))[0];
  }

  async raiseAlarm({ raisedAt, sequence, says }: OpenAlarm): Promise<void> {
    await this.pool.query(
      'INSERT INTO log_alarm (raised_at, sequence, says) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
      [raisedAt, sequence, says],
    );
  }

  async endAlarm(by: string, why: string): Promise<void> {
    await this.pool.query('UPDATE log_alarm SET ended_at = now(), ended_by = $1, why = $2 WHERE ended_at IS NULL', [
      by,
      why,
    ]);
  }

  async accept({ sequence, commitHash, by, reason }: Acceptance, keepUpTo: number): Promise<number> {
    // One statement: all or nothing.
    const { rows } = await this.pool.query(
      `WITH dropped AS (DELETE FROM log_checkpoint WHERE sequence > $5 RETURNING 1),
            ended AS (UPDATE log_alarm SET ended_at = now(), ended_by = $3, why = $4 WHERE ended_at IS NULL)
       INSERT INTO log_acceptance (sequence, commit_hash, accepted_by, reason, dropped)
       VALUES ($1, $2, $3, $4, (SELECT count(*) FROM dropped)) RETURNING dropped`,
      [sequence, commitHash, by, reason, keepUpTo],
    );
    return Number(rows[0]?.dropped);
  }
}

const checkpointOf = (row: Record<string, unknown>): LogCheckpoint => ({
  sequence: Number(row.sequence),
  chain: row.chain as string,
  commitHash: row.commit_hash as string,
  at: row.at as Date,
});
