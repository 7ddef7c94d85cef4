import { describe, expect, it } from 'vitest';
import { productionTiming } from '../limits.js';
import { backoffMs, earlyMs } from './backoff.js';

const policy = { firstMs: 100, mostMs: 5_000 };

describe('the wait before the next attempt', () => {
  it('starts small, doubles, and stops growing', () => {
    expect([0, 1, 2, 6, 1_000].map((failures) => backoffMs(failures, policy, 0.999))).toEqual([
      100, 200, 400, 4_998, 4_998,
    ]);
  });

  it('stays below a second for the first minute, while the other end may only be restarting', () => {
    const { backoff } = productionTiming;
    let waitedMs = 0;
    for (let failures = 0; waitedMs < 60_000; failures++) {
      const waitMs = backoffMs(failures, backoff, 0.999);
      expect(waitMs).toBeLessThanOrEqual(1_000);
      waitedMs += waitMs;
    }
    expect(backoffMs(1_000, backoff, 0.999)).toBe(4_998);
  });

  it('is spread over the upper half', () => {
    expect(backoffMs(3, policy, 0)).toBe(400);
    expect(backoffMs(3, policy, 0.5)).toBe(600);
  });
});

describe('the wait for a certificate that is not valid yet', () => {
  it('ends within two seconds after that moment, spread over them', () => {
    expect([0, 0.5, 0.999].map((random) => earlyMs(3_000, random))).toEqual([3_000, 4_000, 4_998]);
  });

  it('is a minute at most, however far ahead that is: the clock here may be behind', () => {
    const year = 365 * 24 * 3_600_000;
    expect([0, 0.5, 0.999].map((random) => earlyMs(year, random))).toEqual([30_000, 45_000, 59_970]);
  });
});
