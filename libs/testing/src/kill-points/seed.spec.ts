import { describe, expect, it } from 'vitest';
import { seedOf } from './seed.js';

describe('the seed', () => {
  it('is the given one', () => expect(seedOf({ CARAVAN_KILLS_SEED: '42' })).toBe(42));
  it('is one that can be given, when none is', () => {
    const seed = seedOf({});
    expect(seedOf({ CARAVAN_KILLS_SEED: String(seed) })).toBe(seed);
  });
  it.each(['', 'x', '-1', '1e3', '12345678901'])('is not %j', (given) => {
    expect(() => seedOf({ CARAVAN_KILLS_SEED: given })).toThrow('is no seed');
  });
});
