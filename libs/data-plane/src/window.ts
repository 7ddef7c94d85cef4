import { z } from 'zod';

/**
 * From when and until when something is let in, ISO-8601 UTC. `from` is inside the window, `until` is not; without `until` it
 * has no end.
 */
export const windowSchema = z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime().optional() });
export type Window = z.infer<typeof windowSchema>;

/** Which side of a window a moment is on. */
export type Phase = 'not-started' | 'open' | 'ended';

/** `now` in milliseconds since 1970. What has no window is always open. Pure: whose clock it is, is the caller's business. */
export function phaseAt(window: Window | undefined, now: number): Phase {
  if (window === undefined) return 'open';
  if (window.until !== undefined && now >= Date.parse(window.until)) return 'ended';
  return now < Date.parse(window.from) ? 'not-started' : 'open';
}

/** The next moment after `now` at which the phase changes; undefined: it stays as it is. */
export function boundaryAfter(window: Window, now: number): number | undefined {
  const boundaries = [window.from, window.until].flatMap((time) => (time === undefined ? [] : Date.parse(time)));
  return boundaries.filter((boundary) => boundary > now).sort((one, other) => one - other)[0];
}
