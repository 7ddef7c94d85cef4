import { describe, expect, it } from '@jest/globals';
import { AUTHORITY_PURPOSES, isUsed, LEAF_PURPOSES, sourceOf } from './purposes.js';
import type { Purpose, Supply } from './purposes.js';

const PURPOSES: readonly Purpose[] = [...LEAF_PURPOSES, ...AUTHORITY_PURPOSES];

/** Every combination of what is there and what is not, authorities with their keys. */
const combinations = Array.from({ length: 2 ** PURPOSES.length }, (_, bits) =>
  PURPOSES.filter((_purpose, at) => (bits >> at) & 1),
);
const given = (names: readonly Purpose[], supply: Supply = 'with-key') => new Map(names.map((name) => [name, supply]));

describe('what is supplied for a site', () => {
  it.each(combinations.map((present) => [present.join(', ') || 'nothing', present] as const))('is %s', (_, present) => {
    const supplied = given(present);
    const has = (purpose: Purpose) => present.includes(purpose);
    for (const purpose of LEAF_PURPOSES) {
      const otherwise = purpose === 'site-server' && !has('site-ca') ? 'issued' : 'minted';
      expect(sourceOf(purpose, supplied)).toBe(has(purpose) ? 'supplied' : otherwise);
    }
    expect(isUsed('site-ca', supplied)).toBe(has('site-ca') && !has('site-server'));
    expect(isUsed('local-ca', supplied)).toBe(!(has('local-server') && has('local-client')));
    expect(isUsed('service-ca', supplied)).toBe(!has('service-client'));
  });

  it('signs nothing with a site authority whose key stays elsewhere', () => {
    const supplied = given(['site-ca'], 'certificate-only');
    expect(sourceOf('site-server', supplied)).toBe('issued');
    expect(isUsed('site-ca', supplied)).toBe(false);
  });
});
