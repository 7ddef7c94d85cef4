import { PkiError } from './pki-error.js';

/** An absent end is open. */
export interface ValidityWindow {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Forgives clocks at sites that run late. Of what lives shortly no more than a tenth, or it would be old when it is made. */
const BACKDATE = { most: 5 * 60 * 1000, part: 0.1 };
const SECOND = 1000;

/**
 * The enforcer of time: whatever was asked, the result lies inside every window (the issuer's validity, the network's
 * lifetime). `lifetimeMs` counts from `now`, or from when the last window opens. Certificates count in whole seconds, so both
 * ends round inwards.
 *
 * @throws PkiError `certificate.outside-window` when no time in the future is left
 */
export function validityWithin(windows: readonly ValidityWindow[], now: Date, lifetimeMs: number): Validity {
  const opens = Math.max(...windows.map(({ notBefore }) => notBefore?.getTime() ?? -Infinity));
  const closes = Math.min(...windows.map(({ notAfter }) => notAfter?.getTime() ?? Infinity));
  const start = Math.max(now.getTime(), opens);
  const backdated = Math.min(BACKDATE.most, BACKDATE.part * lifetimeMs);
  const notBefore = Math.ceil(Math.max(now.getTime() - backdated, opens) / SECOND) * SECOND;
  const notAfter = Math.floor(Math.min(start + lifetimeMs, closes) / SECOND) * SECOND;
  // `NaN` from an invalid date fails this comparison, and so does a window that is already over.
  if (!(notAfter > notBefore && notAfter > now.getTime())) {
    throw new PkiError(
      'certificate.outside-window',
      `nothing is left between ${described(opens, 'always')} and ${described(closes, 'ever')} at ${described(now.getTime(), 'no time')}`,
    );
  }
  return { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
}

const described = (time: number, unlimited: string): string =>
  Math.abs(time) <= MAX_TIME ? new Date(time).toISOString() : unlimited;
const MAX_TIME = 8.64e15;
