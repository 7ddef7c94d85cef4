import { describe, expect, it } from 'vitest';
import { comeAgainAfter, comeAgainWhileAwaited, delayAfter } from './back-off.js';

const policy = { firstMs: 100, mostMs: 20_000 };

describe('the wait after a failure', () => {
  it('doubles with each failure, up to a limit', () => {
    const delays = [1, 2, 3, 8, 9, 10_000].map((failures) => delayAfter(failures, policy, 1));
    expect(delays).toEqual([100, 200, 400, 12_800, 20_000, 20_000]);
  });

  it('is spread over the upper half, so that many sites do not return at once', () => {
    expect(delayAfter(3, policy, 0)).toBe(200);
    expect(delayAfter(3, policy, 0.5)).toBe(300);
    expect(delayAfter(3, policy, 0.999)).toBe(400);
  });
});

describe('the wait that one was told', () => {
  it('is kept, unless nobody could mean it', () => {
    expect([0, 500, 30_000, 10 ** 9, Number.MAX_SAFE_INTEGER].map(comeAgainAfter)).toEqual([
      100, 500, 30_000, 60_000, 60_000,
    ]);
  });

  it('grows with the time that somebody takes to decide', () => {
    const minutes = [0, 0.5, 1, 5, 10, 600].map((each) => comeAgainWhileAwaited(2_000, each * 60_000));
    expect(minutes).toEqual([2_000, 2_000, 3_000, 15_000, 30_000, 30_000]);
    expect(comeAgainWhileAwaited(45_000, 0)).toBe(45_000);
  });
});
