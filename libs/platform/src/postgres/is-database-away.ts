/** Connection exceptions, and a server that stops, crashed, or is not up yet (PostgreSQL, appendix A). */
const AWAY_STATES = /^(08...|57P0[123])$/;
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
/** What `pg` says without a code. */
const AWAY_WORDS =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/;

/** Whether a query failed because the database is away, and not for what it asked. It may have had its effect all the same. */
export function isDatabaseAway(error: unknown): boolean {
  // TypeORM wraps what the driver throws.
  const { driverError, code, message } = Object(error) as Record<string, unknown>;
  if (driverError !== undefined) return isDatabaseAway(driverError);
  if (typeof code === 'string') return AWAY_STATES.test(code) || AWAY_CODES.has(code);
  return typeof message === 'string' && AWAY_WORDS.test(message);
}
