import { describe, expect, it } from 'vitest';
import { authorityId, commonNameOf } from './authority.js';
import type { AuthorityName } from './authority.js';

const ID = '0199d1b0-0000-7000-8000-000000000001';
const names: AuthorityName[] = [
  { kind: 'root', installation: 'acme' },
  { kind: 'management', installation: 'acme' },
  { kind: 'backbone', backboneId: ID },
  { kind: 'infrastructure', backboneId: ID },
  { kind: 'network', networkId: ID },
  { kind: 'claim', networkId: ID },
  { kind: 'member', networkId: ID },
];

describe('the name of an authority', () => {
  it('gives each kind and owner an id of its own, the same every time', () => {
    const ids = names.map((name) => authorityId(name, 1));
    expect(new Set(ids).size).toBe(names.length);
    expect(names.map((name) => authorityId(name, 1))).toEqual(ids);
    expect(authorityId({ kind: 'root', installation: 'other' }, 1)).not.toBe(ids[0]);
    for (const name of names) expect(ids).not.toContain(authorityId(name, 2));
  });

  it('makes subjects that fit in a common name and tell authorities apart', () => {
    const subjects = names.flatMap((name) => [1, 2, 999].map((ordinal) => commonNameOf(name, ordinal)));
    expect(new Set(subjects).size).toBe(3 * names.length);
    for (const subject of subjects) expect(subject.length).toBeLessThanOrEqual(64);
    expect(subjects[0]).toMatch(/generated root/);
  });
});
