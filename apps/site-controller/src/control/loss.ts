import { errors } from '@nats-io/nats-core';

/**
 * NATS says the same to a site that the management plane refuses and to all while it admits nobody, because it starts or its log is out
 * of order: a site cannot tell which, so it says both.
 */
const NOT_LET_IN =
  'the management plane was reached and does not let this site in: it refuses this site (removed, revoked, or outside the time of its ' +
  'network), or it lets nobody in at present (it starts, or its log needs its operator). This site goes on asking; if it lasts, ask the ' +
  'operator, who sees which with `caravan status`';

/** Why there is no control connection, in words for the participant. Pure. */
export function lossInWords(reason: unknown): string {
  if (reason instanceof errors.AuthorizationError) return `${NOT_LET_IN} (${reason.message})`;
  return reason instanceof Error ? reason.message : 'the control connection ended';
}
