import { describe, expect, it } from 'vitest';
import { growthInAnHour } from './trend.js';

const looks = (...values: number[]) => values.map((value, minute) => ({ minute, value }));

describe('what something grows by in an hour', () => {
  it('is nothing where it stays as it is, also when it was looked at once', () => {
    expect(growthInAnHour(looks(100, 100, 100))).toBe(0);
    expect(growthInAnHour(looks(100))).toBe(0);
    expect(growthInAnHour(looks(100, 101, 101, 100))).toBeCloseTo(0);
  });

  it('is what a leak adds, and less than nothing where memory is given back', () => {
    expect(growthInAnHour(looks(100, 100.1, 100.2, 100.3))).toBeCloseTo(6);
    expect(growthInAnHour(looks(100, 99, 98))).toBeCloseTo(-60);
  });

  it('counts the minutes and not the looks', () => {
    expect(
      growthInAnHour([
        { minute: 0, value: 1 },
        { minute: 30, value: 2 },
      ]),
    ).toBeCloseTo(2);
  });
});
