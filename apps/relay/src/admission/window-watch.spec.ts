import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WindowWatch } from './window-watch.js';

const MINUTE = 60_000;
const YEAR = 365 * 24 * 60 * MINUTE;

describe('the watch over windows', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Notes the time of each look; `boundary` is what is ahead. */
  const watched = (boundary: () => number | undefined) => {
    const looks: number[] = [];
    const look = () => {
      looks.push(Date.now());
      return boundary();
    };
    const watch = new WindowWatch(() => Date.now(), look, MINUTE);
    watch.again();
    return { looks, watch };
  };

  it('looks at once, and exactly at the next boundary', () => {
    const start = Date.now();
    const { looks, watch } = watched(() => (Date.now() < start + 12_345 ? start + 12_345 : Infinity));
    vi.advanceTimersByTime(20_000);
    expect(looks).toEqual([start, start + 12_345]);
    watch.stop();
  });

  it('looks every minute in between, so that a year from now is no timer of a year', () => {
    const { looks, watch } = watched(() => Date.now() + YEAR);
    for (let wakings = 0; wakings < 10; wakings++) vi.advanceTimersToNextTimer();
    expect(looks).toEqual(Array.from({ length: 11 }, (_, minutes) => looks[0]! + minutes * MINUTE));
    watch.stop();
  });

  it('finds a clock that was set forward, or back, within a minute', () => {
    const { looks, watch } = watched(() => Infinity);
    const set = Date.now() + YEAR;
    vi.setSystemTime(set);
    vi.advanceTimersByTime(MINUTE);
    expect(looks.at(-1)).toBe(set + MINUTE);
    vi.setSystemTime(1_000);
    vi.advanceTimersByTime(MINUTE);
    expect(looks.at(-1)).toBe(1_000 + MINUTE);
    watch.stop();
  });

  it('has no timer while nothing has a window, and none after its end', () => {
    const { watch } = watched(() => undefined);
    expect(vi.getTimerCount()).toBe(0);
    const other = watched(() => Infinity).watch;
    expect(vi.getTimerCount()).toBe(1);
    other.again();
    expect(vi.getTimerCount()).toBe(1);
    other.stop();
    watch.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not spin when a timer comes a moment too early', () => {
    const { looks, watch } = watched(() => Date.now());
    vi.advanceTimersByTime(5);
    expect(looks.length).toBeLessThanOrEqual(6);
    watch.stop();
  });
});
