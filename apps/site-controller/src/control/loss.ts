import { errors } from '@nats-io/nats-core';

/**
 * NATS says the same to a site that the management plane refuses and to all while it admits nobody, because it starts or its log is out
 * of order: a site cannot tell which, so it says both.
 */
const NOT_LET_IN =
  'the management plane was reached and does not let this site in: it refuses this site (removed, revoked, or outside the time of its ' +
  'network), or it lets nobody in at present (it starts, or its log needs its operator). This site goes on asking; if it lasts, ask the ' +
  'operator, who sees which with `caravan status`';

/** What a relay on the way answers (apps/relay, tunnels/refusal.ts), for whoever does not know what a tunnel is. */
const ON_THE_WAY: Readonly<Record<string, string>> = {
  'tunnel.no-route':
    'no relay on the way knows the way to the management plane yet: a backbone site on it is being started, or has ' +
    'lost its own way there; or this site waits to be dialled, and nobody came whose certificate it trusts, or who trusts its own: should a ' +
    'rotation have gone on without it, another bundle lets it come back in this folder',
  'tunnel.unreachable': 'the way to the management plane was found, and nothing answers at its end',
  'tunnel.lost': 'the way to the management plane broke off',
  'tunnel.timeout': 'a relay on the way to the management plane does not answer',
};

/** The code of a refusal, also behind the code of who passed it on: `control.unreachable: tunnel.no-route: …` (`RelayProblem`). */
const REFUSED = /^(?:[a-z.-]+: )*?(tunnel\.[a-z-]+)(?=:)/;

/** Why there is no control connection, in words for the participant. Pure. */
export function lossInWords(reason: unknown): string {
  if (reason instanceof errors.AuthorizationError) return `${NOT_LET_IN} (${reason.message})`;
  if (!(reason instanceof Error)) return 'the control connection ended';
  const code = REFUSED.exec(reason.message)?.[1];
  const words = code === undefined ? undefined : ON_THE_WAY[code];
  return words === undefined ? reason.message : `${words} (${reason.message})`;
}
