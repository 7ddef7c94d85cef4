import { describe, expect, it } from 'vitest';
import { judgeIdentity, matchesPattern } from './identity.js';

const MEMBERS = 'spiffe://inst/network/n1/member/*';

describe('the pattern of an identity', () => {
  it('matches one segment for a trailing star', () => {
    expect(matchesPattern(MEMBERS, 'spiffe://inst/network/n1/member/m-1')).toBe(true);
  });

  it.each([
    ['nothing', 'spiffe://inst/network/n1/member/'],
    ['the parent', 'spiffe://inst/network/n1/member'],
    ['two segments', 'spiffe://inst/network/n1/member/m/claim'],
    ['another network', 'spiffe://inst/network/n2/member/m-1'],
    ['another installation', 'spiffe://other/network/n1/member/m-1'],
    ['a relative segment', 'spiffe://inst/network/n1/member/..'],
    ['an escaped segment', 'spiffe://inst/network/n1/member/m%2f1'],
    ['a query', 'spiffe://inst/network/n1/member/m?x'],
  ])('does not match %s', (_, identity) => {
    expect(matchesPattern(MEMBERS, identity)).toBe(false);
  });

  it('is exact without a star, and a star inside a segment is only itself', () => {
    expect(matchesPattern('spiffe://inst/a/b', 'spiffe://inst/a/b')).toBe(true);
    expect(matchesPattern('spiffe://inst/a/b', 'spiffe://inst/a/bc')).toBe(false);
    expect(matchesPattern('spiffe://inst/a/b*', 'spiffe://inst/a/bc')).toBe(false);
  });
});

describe('the identity of a verified certificate', () => {
  const door = { identity: MEMBERS, denied: ['spiffe://inst/network/n1/member/evicted'] };

  it('is its single URI name', () => {
    const identity = 'spiffe://inst/network/n1/member/m-1';
    expect(judgeIdentity(door, [identity])).toEqual({ admitted: true, identity });
  });

  it.each([
    ['identity.none', []],
    ['identity.ambiguous', ['spiffe://inst/network/n1/member/m-1', 'spiffe://inst/network/n1/member/m-2']],
    ['identity.not-expected', ['spiffe://inst/network/n1/claim/c-1']],
    ['identity.denied', ['spiffe://inst/network/n1/member/evicted']],
  ])('is refused with %s', (code, uris) => {
    expect(judgeIdentity(door, uris)).toMatchObject({ admitted: false, code });
  });
});
