export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Whoever was told when to come again does so, within reason: neither at once, nor later than it would come by itself. */
export const comeAgainAfter = (toldMs: number): number => Math.min(Math.max(toldMs, 100), 60_000);

/** Who waits for a person asks less often the longer it takes: a twentieth of the time so far, half a minute at most. */
export const comeAgainWhileAwaited = (toldMs: number, waitedMs: number): number =>
  Math.max(comeAgainAfter(toldMs), Math.min(waitedMs / 20, 30_000));

/** A tenth of a second after the first failure, so that what is just starting is found; half a minute for what is away. */
export const DEFAULT_BACK_OFF: BackOff = { firstMs: 100, mostMs: 20_000 };

/**
 * How long to wait after so many failures in a row. `random` (0..1) spreads it over the upper half: ten thousand sites that
 * lost the management plane in one moment must not return in one moment. Pure.
 */
export function delayAfter(failures: number, { firstMs, mostMs }: BackOff, random: number): number {
  const most = Math.min(mostMs, firstMs * 2 ** Math.min(Math.max(failures, 1) - 1, 30));
  return Math.round(most * (0.5 + random / 2));
}
