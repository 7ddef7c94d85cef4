import { describe, expect, it } from 'vitest';
import { freshenMs } from './freshen.js';

const DAY = 86_400_000;
const days = (begins: number, expires: number) => ({ begins: begins * DAY, expires: expires * DAY });

describe('a link is dialled again', () => {
  it('when the other end has renewed its certificate, and long before the old one is over', () => {
    expect(freshenMs(days(0, 20), 0, 0)).toBe(15 * DAY);
    expect(freshenMs(days(0, 20), 5 * DAY, 0)).toBe(10 * DAY);
    expect(freshenMs(days(0, 20), 0, 0.999)).toBeCloseTo(17 * DAY, -8);
  });

  it('and again, when it has met the old one, after half of what is left', () => {
    expect(freshenMs(days(0, 20), 16 * DAY, 0.5)).toBe(2 * DAY);
    expect(freshenMs(days(0, 20), 18 * DAY, 0.5)).toBe(DAY);
    expect(freshenMs(days(0, 20), 20 * DAY - 500, 0.5)).toBe(1_000);
    expect(freshenMs(days(0, 20), 21 * DAY, 0.5)).toBe(1_000);
  });

  it('after no longer than a timer counts', () => {
    expect(freshenMs(days(0, 3650), 0, 0)).toBe(2 ** 31 - 1);
  });
});
