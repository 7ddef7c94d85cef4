import { describe, expect, it } from 'vitest';
import { productionTiming } from '../limits.js';
import type { Signs, Verdict } from './liveness.js';
import { Liveness } from './liveness.js';

const { liveness: after } = productionTiming;
const QUIET: Signs = { heard: 100, taken: 100, waiting: 0 };

/** The verdicts of consecutive ticks; the first tick only looks. */
const verdicts = (ticks: number, signsAt: (tick: number) => Signs, elapsedMs = after.tickMs): Verdict[] => {
  const liveness = new Liveness(after);
  liveness.tick(signsAt(0), elapsedMs);
  return Array.from({ length: ticks }, (_, index) => liveness.tick(signsAt(index + 1), elapsedMs));
};

describe('the life of a line', () => {
  it('goes on while anything is heard, also when no PING is answered', () => {
    expect(new Set(verdicts(60, (tick) => ({ ...QUIET, heard: tick })))).toEqual(new Set(['fine']));
  });

  it('is asked for in silence, suspect then, and over after seven ticks', () => {
    const seen = verdicts(7, () => QUIET);
    expect(seen).toEqual(['fine', 'ask', 'ask', 'suspect', 'suspect', 'suspect', 'dead']);
  });

  it('ends within eight seconds of the last sign, and not before seven', () => {
    const { tickMs, deadAfter } = after;
    expect([deadAfter * tickMs, (deadAfter + 1) * tickMs]).toEqual([7_000, 8_000]);
  });

  it('ends no later when the ticks of a busy machine do', () => {
    expect(verdicts(5, () => QUIET, 1_400)).toEqual(['fine', 'ask', 'suspect', 'suspect', 'dead']);
  });

  it('is not over for a process that was held up itself, however long', () => {
    expect(verdicts(2, () => QUIET, 3_600_000)).toEqual(['ask', 'suspect']);
    const liveness = new Liveness(after);
    const ticks = [1, 1, 1, 1, 1, 1, 60, 1].map((times) => liveness.tick(QUIET, times * after.tickMs));
    expect(ticks.slice(-3)).toEqual(['suspect', 'suspect', 'dead']);
  });

  it('is over all the same for one that is held up again and again', () => {
    expect(verdicts(5, () => QUIET, 2_000)).toEqual(['ask', 'suspect', 'suspect', 'suspect', 'dead']);
    const heardInTime = (tick: number): Signs => (tick < 5 ? QUIET : { ...QUIET, heard: 101 });
    expect(verdicts(5, heardInTime, 2_000).at(-1)).toBe('fine');
  });

  it('is there again once something is heard', () => {
    const seen = verdicts(12, (tick) => (tick < 6 ? QUIET : { ...QUIET, heard: 101 }));
    expect(seen.slice(3, 8)).toEqual(['suspect', 'suspect', 'fine', 'fine', 'ask']);
  });

  it('shows in what is taken: a slow line that only sends is alive', () => {
    const slow = (tick: number): Signs => ({ heard: 100, taken: 1_000 * tick, waiting: 200_000 });
    expect(new Set(verdicts(60, slow))).toEqual(new Set(['fine']));
  });

  it('does not show in PINGs that the kernel takes: nothing had waited', () => {
    expect(verdicts(7, (tick) => ({ heard: 100, taken: 17 * tick, waiting: 0 })).at(-1)).toBe('dead');
  });

  it('is over when nothing is taken, whatever is heard', () => {
    const stalled = (tick: number): Signs => ({ heard: 1_000 * tick, taken: 100, waiting: 250_000 });
    const seen = verdicts(7, stalled);
    expect([seen.slice(0, 6), seen.at(-1)]).toEqual([Array(6).fill('fine'), 'dead']);
  });

  it('is not over while equally much waits and some is taken', () => {
    const busy = (tick: number): Signs => ({ heard: 100, taken: 50_000_000 * tick, waiting: 262_144 });
    expect(new Set(verdicts(60, busy))).toEqual(new Set(['fine']));
  });
});
