import type { Pool } from 'pg';

/**
 * A log that was accepted may have lost what this service recorded: certificates are out there all the same. At the next start every
 * row is held against the log, and recorded where it is missing.
 */
export async function recordAllAnew(pool: Pool): Promise<string> {
  await pool.query(`update projection_checkpoint set request = 'rebuild'`);
  const requests = await pool.query('update authority_requests set recorded = false where recorded');
  const authorities = await pool.query('update authorities set recorded = false where recorded');
  const certificates = await pool.query('update certificates set recorded = false where recorded');
  const count = (requests.rowCount ?? 0) + (authorities.rowCount ?? 0) + (certificates.rowCount ?? 0);
  return `${count} requests, authorities and certificates are recorded once more where the log has lost them.`;
}
