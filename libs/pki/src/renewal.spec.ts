import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { renewableFrom, renewalTime } from './renewal.js';
import { DAY, NOW, tree } from './tree.fixture.js';

const iso = (days: number): string => new Date(NOW.getTime() + days * DAY).toISOString();
const leaf = { notBefore: iso(0), notAfter: iso(90) };
const issuer = { notAfter: iso(1_000) };

describe('a certificate', () => {
  it('is renewed after six tenths of its life, and seven at the latest', () => {
    expect(renewalTime(leaf, issuer, '0'.repeat(64))).toEqual(new Date(iso(54)));
    expect(renewalTime(leaf, issuer, 'f'.repeat(64))).toEqual(new Date(iso(63)));
  });

  it('with nothing above it is renewed as well', () => {
    expect(renewalTime(leaf, { notAfter: undefined }, '0'.repeat(64))).toEqual(new Date(iso(54)));
  });

  it('is renewed at a time of its own, and always at the same', () => {
    const { leaf: make, authorities } = tree();
    const timeOf = (one: ReturnType<typeof make>) => renewalTime(one, authorities.memberCa, one.publicKeyFingerprint);
    const times = Array.from({ length: 20 }, () => timeOf(make('member'))!.getTime());
    expect(new Set(times).size).toBeGreaterThan(10);
    const one = make('member');
    expect(timeOf(one)).toEqual(timeOf(one));
  });

  it('is not renewed when the next one would end no later', () => {
    for (const notAfter of [leaf.notAfter, iso(89)]) {
      expect(renewalTime(leaf, { notAfter }, '0'.repeat(64))).toBeUndefined();
      expect(renewableFrom(leaf, { notAfter })).toBeUndefined();
    }
  });

  it('can be renewed before anybody wants it', () => {
    expect(renewableFrom(leaf, issuer)).toEqual(new Date(iso(45)));
    const days = fc.integer({ min: 1, max: 900 });
    const key = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(days, key, (life, publicKeyFingerprint) => {
        const any = { notBefore: iso(0), notAfter: iso(life) };
        const [from, wanted] = [renewableFrom(any, issuer)!, renewalTime(any, issuer, publicKeyFingerprint)!];
        expect(from < wanted && wanted < new Date(any.notAfter)).toBe(true);
      }),
    );
  });
});
