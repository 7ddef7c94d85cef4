import { beforeEach, describe, expect, it } from 'vitest';
import { Waiting } from './waiting.js';

describe('what requests wait for', () => {
  let now: number;
  let waiting: Waiting;
  beforeEach(() => {
    now = 1_000_000;
    waiting = new Waiting(() => now);
  });
  const met = (what: string, after: number) => {
    now += after;
    return waiting.met(what);
  };

  it('is tried again soon at first, and at most every five seconds', () => {
    expect([0, 100, 100, 200, 400, 60_000].map((after) => met('root', after))).toEqual([
      100, 100, 200, 400, 800, 5_000,
    ]);
  });

  it('is no trouble while it is short', () => {
    met('root', 0);
    met('root', 900);
    expect(waiting.says()).toBeUndefined();
  });

  it('is shown while it lasts, and forgotten after', () => {
    expect(waiting.says()).toBeUndefined();
    met('root', 0);
    met('the authorities of network n', 0);
    met('root', 2_000);
    met('the authorities of network n', 0);
    expect(waiting.says()).toBe('awaiting root, the authorities of network n');
    now += 16_000;
    expect(waiting.says()).toBeUndefined();
  });
});
