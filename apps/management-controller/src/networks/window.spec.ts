import { describe, expect, it } from 'vitest';
import { phaseOf, requireOpen } from './window.js';

const startsAt = '2026-01-01T12:00:00.000Z';
const endsAt = '2026-02-01T12:00:00.000Z';
const refusal = (...asked: Parameters<typeof requireOpen>): unknown => {
  try {
    return requireOpen(...asked);
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the window of a network', () => {
  it.each([
    ['2026-01-01T11:59:59.999Z', 'not-started', 'network.not-started'],
    ['2026-02-01T12:00:00.000Z', 'ended', 'network.ended'],
  ])('at %s is %s, and refuses with a code', (at, phase, code) => {
    expect(phaseOf({ startsAt, endsAt }, new Date(at))).toBe(phase);
    expect(refusal({ startsAt, endsAt }, 'n1', new Date(at))).toBe(code);
  });

  it('is open from its start to right before its end, and without an end for ever', () => {
    for (const at of [startsAt, '2026-02-01T11:59:59.999Z']) {
      expect(refusal({ startsAt, endsAt }, 'n1', new Date(at))).toEqual({ startsAt, endsAt });
    }
    expect(refusal({ startsAt, endsAt: null }, 'n1', new Date('2126-01-01'))).toEqual({ startsAt, endsAt: null });
  });

  it('is shut to everybody while the network is suspended, and says whatever else is so first', () => {
    const suspended = { startsAt, endsAt, suspended: true };
    expect(refusal(suspended, 'n1', new Date(startsAt))).toBe('network.suspended');
    expect(refusal(suspended, 'n1', new Date(endsAt))).toBe('network.ended');
  });

  it('of a network that nobody knows is none', () => {
    expect(refusal(undefined, 'n1', new Date())).toBe('network.unknown');
  });
});
