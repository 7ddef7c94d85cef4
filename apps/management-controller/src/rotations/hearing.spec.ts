import { describe, expect, it } from 'vitest';
import { Hearing } from './hearing.js';

const start = Date.parse('2026-01-01T12:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1_000);
const time = (seconds: number) => at(seconds).toISOString();

/** What is known after others were heard all the while between two moments. */
function hearing(from: number, to: number): Hearing {
  const known = new Hearing();
  for (let second = from; second <= to; second++) known.heard(time(second - 1), at(second));
  return known;
}

describe('a site', () => {
  it('is away when it is silent while others are heard', () => {
    expect(hearing(0, 31).isAway(time(0), at(31))).toBe(true);
    expect(hearing(0, 31).isAway(null, at(31))).toBe(true);
  });

  it('is not while it is heard now and then', () => {
    expect(hearing(0, 60).isAway(time(31), at(60))).toBe(false);
  });

  it('is not when nobody has been listened to for long enough', () => {
    expect(hearing(0, 29).isAway(time(-3_600), at(29))).toBe(false);
    expect(new Hearing().isAway(null, at(60))).toBe(false);
  });

  it('is not when nobody looked for a while, whatever was heard meanwhile', () => {
    const known = hearing(0, 60);
    known.heard(time(119), at(120));
    expect(known.isAway(time(0), at(120))).toBe(false);
  });

  it('is not when nobody at all was heard, nor right after', () => {
    const known = hearing(0, 60);
    known.heard(time(60), at(100));
    expect(known.isAway(time(60), at(100))).toBe(false);
    known.heard(time(100), at(101));
    expect(known.isAway(time(60), at(101))).toBe(false);
    for (let second = 102; second <= 132; second++) known.heard(time(second), at(second));
    expect(known.isAway(time(60), at(132))).toBe(true);
  });
});
