import { describe, expect, it } from 'vitest';
import { admissionItemSchema, boundaryAfter, phaseAt, windowSchema } from './index.js';

const from = '2026-01-01T12:00:00.000Z';
const until = '2026-01-02T12:00:00.000Z';
const at = (time: string): number => Date.parse(time);
const DAY = 24 * 60 * 60 * 1000;

describe('a window', () => {
  it.each([
    ['2026-01-01T11:59:59.999Z', 'not-started'],
    [from, 'open'],
    ['2026-01-02T11:59:59.999Z', 'open'],
    [until, 'ended'],
    ['2099-01-01T00:00:00.000Z', 'ended'],
  ])('at %s is %s', (now, phase) => {
    expect(phaseAt({ from, until }, at(now))).toBe(phase);
  });

  it('without an end does not end, and where there is none everything is open', () => {
    expect(phaseAt({ from }, at('2999-01-01T00:00:00.000Z'))).toBe('open');
    expect(phaseAt(undefined, 0)).toBe('open');
  });

  it('that ends before it starts is never open', () => {
    for (const now of [0, at(from) - 1, at(from), at(until)]) {
      expect(phaseAt({ from: until, until: from }, now)).not.toBe('open');
    }
  });

  it('says when it changes next', () => {
    expect(boundaryAfter({ from, until }, 0)).toBe(at(from));
    expect(boundaryAfter({ from, until }, at(from))).toBe(at(from) + DAY);
    expect(boundaryAfter({ from, until }, at(until))).toBeUndefined();
    expect(boundaryAfter({ from }, at(from))).toBeUndefined();
  });

  it('is in UTC, and says no more than is known', () => {
    expect(windowSchema.safeParse({ from: '2026-01-01T12:00:00+02:00' }).success).toBe(false);
    expect(windowSchema.safeParse({ from: 'tomorrow' }).success).toBe(false);
    expect(windowSchema.safeParse({ from, till: until }).success).toBe(false);
    expect(windowSchema.safeParse({ until }).success).toBe(false);
  });

  it('may stand in an admission, which may be without', () => {
    const admission = {
      kind: 'admission',
      id: 'claim-n1',
      access: 'claim',
      serverName: 'n1.claim.caravan.internal',
      trust: ['-----BEGIN CERTIFICATE-----'],
      identity: 'spiffe://acme/network/n1/claim/*',
      denied: [],
      reach: { kind: 'control' },
    };
    expect(admissionItemSchema.parse(admission)).toEqual(admission);
    expect(admissionItemSchema.parse({ ...admission, window: { from } })).toEqual({ ...admission, window: { from } });
  });
});
