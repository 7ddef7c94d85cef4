import { describe, expect, it } from 'vitest';
import { lastRotations, phaseOfAuthority } from './authority-phase.js';

const now = new Date('2026-06-01T00:00:00.000Z');
const network = { kind: 'member', backboneId: 'b', networkId: 'n' } as const;
const rotation = (
  phase: 'trust' | 'listeners' | 'diallers' | 'retire',
  status: 'running' | 'finished' = 'running',
  ordinal = 2,
) => ({ ownerKind: 'network', backboneId: 'b', networkId: 'n', ordinal, status, phase }) as const;
const phases = (rotations: Parameters<typeof lastRotations>[0], ordinals = [1, 2]) =>
  ordinals.map((ordinal) =>
    phaseOfAuthority({ ...network, ordinal, notAfter: '2027-01-01T00:00:00.000Z' }, lastRotations(rotations), now),
  );

describe('the phase of an authority', () => {
  it('follows the last rotation of its owner', () => {
    expect(phases([], [1])).toEqual(['in-use']);
    expect(phases([rotation('trust')])).toEqual(['in-use', 'next']);
    expect(phases([rotation('listeners')])).toEqual(['replaced', 'in-use']);
    expect(phases([rotation('diallers')])).toEqual(['replaced', 'in-use']);
    expect(phases([rotation('retire')])).toEqual(['retired', 'in-use']);
    expect(phases([rotation('retire', 'finished')])).toEqual(['retired', 'in-use']);
    const third = [rotation('retire', 'finished'), rotation('trust', 'running', 3)];
    expect(phases(third, [1, 2, 3])).toEqual(['retired', 'in-use', 'next']);
  });

  it('is over with its network', () => {
    const authority = { ...network, ordinal: 1, notAfter: '2027-01-01T00:00:00.000Z' };
    expect(phaseOfAuthority(authority, lastRotations([]), now, true)).toBe('retired');
  });

  it('is not that of another owner', () => {
    const backbone = { ...rotation('retire', 'finished'), ownerKind: 'backbone', networkId: null } as const;
    expect(phases([backbone], [1])).toEqual(['in-use']);
    const above = { ...network, kind: 'infrastructure', networkId: null, ordinal: 1 } as const;
    expect(phaseOfAuthority({ ...above, notAfter: '2027-01-01T00:00:00.000Z' }, lastRotations([backbone]), now)).toBe(
      'retired',
    );
  });

  it('is to come for a root that was brought, and over when it ended', () => {
    const root = { kind: 'root', backboneId: null, networkId: null, ordinal: 2 } as const;
    expect(phaseOfAuthority({ ...root, notAfter: '2027-01-01T00:00:00.000Z' }, lastRotations([]), now)).toBe('next');
    expect(phaseOfAuthority({ ...root, notAfter: now.toISOString() }, lastRotations([]), now)).toBe('expired');
  });
});
