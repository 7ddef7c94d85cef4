import { describe, expect, it } from 'vitest';
import { countRestart, restartDelay } from './back-off.js';

const policy = { firstMs: 100, longestMs: 1_000, healthyAfterMs: 5_000 };

describe('the delay before a restart', () => {
  it('doubles with each restart in a row, up to its longest', () => {
    expect([1, 2, 3, 4, 5, 6, 1_000].map((count) => restartDelay(count, policy))).toEqual([
      100, 200, 400, 800, 1_000, 1_000, 1_000,
    ]);
  });

  it('begins anew after a healthy run, and only then', () => {
    expect(countRestart(7, 5_000, policy)).toBe(1);
    expect(countRestart(7, 4_999, policy)).toBe(8);
    expect(countRestart(0, 0, policy)).toBe(1);
  });
});
