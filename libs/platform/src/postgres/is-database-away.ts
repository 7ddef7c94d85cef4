/**
 * PostgreSQL, appendix A: connection exceptions; a server that stops, crashed, is not up yet, or ended a session that said nothing;
 * one that has no room on its disk, in its memory or for a connection. Not 57P04 and 53400: what was dropped, and what its
 * configuration never allows, does not come by waiting.
 */
const AWAY_STATES = /^(08...|57P0[1235]|53[0123]00)$/;
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What `pg` says without a code. */
const AWAY_WORDS =
  /^(Connection terminated|Client has encountered a connection error|timeout expired|timeout exceeded when trying to connect)/;

/** Whether connecting, or a query, failed because the database is away, and not for what was asked. It may have had its effect all the same. */
export function isDatabaseAway(error: unknown): boolean {
  // TypeORM wraps what the driver throws.
  const { driverError, code, message } = Object(error) as Record<string, unknown>;
  if (driverError !== undefined) return isDatabaseAway(driverError);
  if (typeof code === 'string') return AWAY_STATES.test(code) || AWAY_CODES.has(code);
  return typeof message === 'string' && AWAY_WORDS.test(message);
}
