import { describe, expect, it } from 'vitest';
import { statusOf } from './network-status.js';

const [startsAt, endsAt] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
const [before, during, after] = ['2025-12-31T23:59:59.999Z', startsAt, endsAt].map((time) => new Date(time)) as [
  Date,
  Date,
  Date,
];
const network = (ready: { claimReady?: boolean; memberReady?: boolean } = {}) => ({
  startsAt,
  endsAt,
  claimReady: true,
  memberReady: true,
  suspendedAt: null,
  revokedAt: null,
  endedAt: null,
  deletedAt: null,
  ...ready,
});

describe('the status of a network', () => {
  it('follows its window once it can issue certificates', () => {
    expect([before, during, after].map((now) => statusOf(network(), now, false))).toEqual([
      'scheduled',
      'active',
      'ending',
    ]);
    expect(statusOf({ ...network(), endsAt: null }, after, false)).toBe('active');
  });

  it('is establishing until then, also after its start', () => {
    for (const ready of [{ claimReady: false }, { memberReady: false }]) {
      expect([before, during].map((now) => statusOf(network(ready), now, false))).toEqual([
        'establishing',
        'establishing',
      ]);
    }
  });

  it('is evicted whatever its window says', () => {
    for (const now of [before, during, after]) {
      expect(statusOf({ ...network(), revokedAt: startsAt }, now, false)).toBe('evicted');
    }
  });

  it('is ending until every relay has said that it lets nobody in, and ended then', () => {
    expect([false, true].map((isShut) => statusOf(network(), after, isShut))).toEqual(['ending', 'ended']);
    const recorded = { ...network(), endedAt: endsAt }; // by a clock that is ahead of ours
    expect([false, true].map((isShut) => statusOf(recorded, during, isShut))).toEqual(['ending', 'ended']);
  });

  it('is deleted when nothing is left of one that had ended; one that was evicted stays that', () => {
    const deleted = { ...network(), deletedAt: endsAt };
    expect(statusOf(deleted, after, true)).toBe('deleted');
    expect(statusOf({ ...deleted, revokedAt: startsAt }, after, true)).toBe('evicted');
  });

  it('is suspended while it could be anything but over', () => {
    const suspended = { ...network(), suspendedAt: startsAt };
    expect([before, during, after].map((now) => statusOf(suspended, now, false))).toEqual([
      'suspended',
      'suspended',
      'ending',
    ]);
    expect(statusOf({ ...suspended, revokedAt: startsAt }, during, false)).toBe('evicted');
  });

  it('is ended when the window passed before its authorities existed: they will not come any more', () => {
    expect(statusOf(network({ claimReady: false, memberReady: false }), after, false)).toBe('ending');
  });
});
