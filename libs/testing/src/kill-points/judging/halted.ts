import type { Pool } from 'pg';

/** What a consumer put aside or stopped at, in words. */
export async function haltedOrAside(pool: Pool): Promise<string[]> {
  const { rows: aside } = await pool.query<{ what: string }>(
    `select reaction || ' put position ' || position || ' aside: ' || reason as what from management.reaction_quarantine
     union all select reaction || ' put position ' || position || ' aside: ' || reason from pki.reaction_quarantine`,
  );
  const { rows: halted } = await pool.query<{ what: string }>(
    `select name || ' halted at ' || halted_position || ': ' || halted_reason as what
     from management.projection_checkpoint where halted_at is not null`,
  );
  return [...aside, ...halted].map(({ what }) => what);
}
