import type { Peer } from '../admission/peer.js';

/** Of the life of a certificate. Its holder has renewed it after seven tenths at most (`renewalTime` of @caravan/pki). */
const FRESHENED = { from: 0.75, to: 0.85 };
/** Timers count no further (2^31 - 1 ms); one link more in 24 days does no harm. */
const LONGEST_MS = 2 ** 31 - 1;
const SHORTEST_MS = 1_000;

/**
 * How long a link that is up waits before it is dialled again, to meet the certificate that has followed the other end's. Where that
 * is late, it is asked for again each time half of what is left has passed.
 *
 * @param now milliseconds since 1970
 * @param random in [0, 1): those who dial one access point do not all come at once
 */
export function freshenMs({ begins, expires }: Pick<Peer, 'begins' | 'expires'>, now: number, random: number): number {
  const part = FRESHENED.from + random * (FRESHENED.to - FRESHENED.from);
  const aheadMs = begins + part * (expires - begins) - now;
  const waitMs = aheadMs > 0 ? aheadMs : (expires - now) / 2;
  return Math.round(Math.min(Math.max(waitMs, SHORTEST_MS), LONGEST_MS));
}
