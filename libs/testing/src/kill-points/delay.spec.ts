import { describe, expect, it } from 'vitest';
import { allCells } from './cells.js';
import { delayMs } from './delay.js';
import { STEPS } from './steps/index.js';

const cells = allCells(STEPS);
const delays = (seed: number): number[] => cells.map((cell) => delayMs(seed, cell));

describe('the delay of a kill', () => {
  it('is the same with the same seed, and another with another', () => {
    const [one, other] = [delays(1), delays(2)];
    expect(delays(1)).toEqual(one);
    expect(one.filter((delay, index) => delay === other[index])).toEqual([]);
  });

  it('is each cell’s own, whatever is played beside it, and anywhere on the way', () => {
    const all = delays(1);
    expect(new Set(all).size).toBe(cells.length);
    expect(Math.min(...all)).toBeLessThan(0.5);
    expect(Math.max(...all)).toBeGreaterThan(4.5);
    expect(Math.max(...all)).toBeLessThan(5);
  });
});
