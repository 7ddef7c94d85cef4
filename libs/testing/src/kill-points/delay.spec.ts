import { describe, expect, it } from '@jest/globals';
import { allCells } from './cells.js';
import { delayMs, seedOf } from './delay.js';
import { STEPS } from './steps/index.js';

const cells = allCells(STEPS);
const delays = (seed: number): number[] => cells.map((cell) => delayMs(seed, cell));

describe('the delay of a kill', () => {
  it('is the same with the same seed, and another with another', () => {
    expect(delays(1)).toEqual(delays(1));
    expect(delays(1).filter((delay, index) => delay === delays(2)[index])).toEqual([]);
  });

  it('is each cell’s own, whatever is played beside it, and anywhere on the way', () => {
    const all = delays(1);
    expect(new Set(all).size).toBe(cells.length);
    expect(Math.min(...all)).toBeLessThan(0.5);
    expect(Math.max(...all)).toBeGreaterThan(4.5);
    expect(Math.max(...all)).toBeLessThan(5);
  });
});

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
