import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';

const policy = { firstMs: 100, mostMs: 5_000 };

describe('the wait before the next attempt', () => {
  it('starts small, doubles, and stops growing', () => {
    expect([0, 1, 2, 6, 1_000].map((failures) => backoffMs(failures, policy, 0.999))).toEqual([
      100, 200, 400, 4_998, 4_998,
    ]);
  });

  it('is spread over the upper half', () => {
    expect(backoffMs(3, policy, 0)).toBe(400);
    expect(backoffMs(3, policy, 0.5)).toBe(600);
  });
});
