import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { productionTiming } from '../limits.js';
import { Rebinding } from './rebinding.js';

describe('a port that another program has', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** When it is asked for, in seconds, within so many; it is free from `freeAt` on. */
  async function asked(seconds: number, freeAt = Infinity): Promise<number[]> {
    const start = Date.now();
    const since = (): number => (Date.now() - start) / 1_000;
    const times: number[] = [];
    const rebinding = new Rebinding(productionTiming.rebind, () => {
      times.push(since());
      if (since() < freeAt) rebinding.failed();
      else rebinding.bound();
    });
    rebinding.failed();
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    rebinding.stop();
    return times;
  }

  it('is asked for soon, then ever more seldom, and once a minute at last', async () => {
    expect(await asked(240)).toEqual([0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5, 123.5, 183.5]);
  });

  it('is not asked for again once it is had', async () => {
    expect(await asked(240, 5)).toEqual([0.5, 1.5, 3.5, 7.5]);
  });

  it('is asked for soon again when it is lost later', async () => {
    const again = vi.fn();
    const rebinding = new Rebinding(productionTiming.rebind, again);
    for (let i = 0; i < 5; i++) rebinding.failed();
    rebinding.bound();
    rebinding.failed();
    await vi.advanceTimersByTimeAsync(500);
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('is left alone when nobody wants it any more', async () => {
    const again = vi.fn();
    const rebinding = new Rebinding(productionTiming.rebind, again);
    rebinding.failed();
    rebinding.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(again).not.toHaveBeenCalled();
  });
});
