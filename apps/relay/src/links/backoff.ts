export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
  /** For the first so many failures the wait stays below this: who is only being started again is back at once. */
  readonly atFirst?: { readonly failures: number; readonly mostMs: number };
}

/**
 * How long to wait before attempt `failures + 1`: doubling, with full jitter in its upper half so that the sites of a relay
 * that came back do not all arrive at once, and none waits less than half.
 *
 * @param random in [0, 1)
 */
export function backoffMs(failures: number, { firstMs, mostMs, atFirst }: Backoff, random: number): number {
  const most = atFirst && failures < atFirst.failures ? atFirst.mostMs : mostMs;
  const ceiling = Math.min(most, firstMs * 2 ** Math.min(failures, 30));
  return Math.round(ceiling * (0.5 + random / 2));
}

/** Not longer, since it may be the clock of this machine that is wrong; and not all at once when the moment has come. */
const EARLY = { mostMs: 60_000, spreadMs: 2_000 } as const;

/**
 * How long to wait for a certificate that becomes valid in `aheadMs`: nobody takes it before, and many may wait for the same
 * network to start. Within two seconds after that moment the next attempt is made.
 *
 * @param random in [0, 1)
 */
export function earlyMs(aheadMs: number, random: number): number {
  return Math.round(Math.min(EARLY.mostMs * (0.5 + random / 2), aheadMs + EARLY.spreadMs * random));
}
