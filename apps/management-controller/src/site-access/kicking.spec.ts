import { describe, expect, it } from '@jest/globals';
import { endsBetween } from './kicking.js';

const at = (time: string): number => Date.parse(`2026-01-01T${time}Z`);
const ending = (time: string | null) => ({
  startsAt: '2025-01-01T00:00:00.000Z',
  endsAt: time === null ? null : `2026-01-01T${time}Z`,
});

describe('a network that ends between two looks', () => {
  it('is noticed at its end and not a millisecond before', () => {
    expect(endsBetween([ending('12:00:00.000')], at('11:00:00.000'), at('11:59:59.999'))).toBe(false);
    expect(endsBetween([ending('12:00:00.000')], at('11:00:00.000'), at('12:00:00.000'))).toBe(true);
  });

  it('is noticed once, among any number that do not', () => {
    const networks = [ending(null), ending('09:00:00.000'), ending('12:00:00.000'), ending('23:00:00.000')];
    expect(endsBetween(networks, at('11:59:59.000'), at('12:00:09.000'))).toBe(true);
    expect(endsBetween(networks, at('12:00:09.000'), at('12:00:19.000'))).toBe(false);
  });
});
