import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { memberName, memberNamesCollide } from './member-names.js';
import type { MemberNames } from './member-names.js';

const one = (namePrefix: string): MemberNames => ({ namePrefix, instanceLimit: 1 });
const many = (namePrefix: string, instanceLimit: number | null = null): MemberNames => ({ namePrefix, instanceLimit });

describe('names of members', () => {
  it('are the prefix for an only member, numbered for several', () => {
    expect(memberName(one('hq'), 1)).toBe('hq');
    expect(memberName(many('store', 5), 3)).toBe('store-3');
  });

  it.each([
    [one('hq'), one('hq'), true],
    [many('store'), many('store', 5), true],
    [many('store'), one('store'), false],
    [many('store'), one('store-7'), true],
    [many('store', 5), one('store-7'), false],
    [many('store'), one('store-07'), false],
    [many('store'), many('store-7'), false],
  ])('%o and %o collide: %s', (first, second, collide) => {
    expect(memberNamesCollide(first, second)).toBe(collide);
    expect(memberNamesCollide(second, first)).toBe(collide);
  });

  it('never meet when the rule says that they do not collide', () => {
    const names = fc.record({
      namePrefix: fc.constantFrom('a', 'a-1', 'a-2', 'a-1-1', 'b'),
      instanceLimit: fc.constantFrom(null, 1, 2, 3),
    });
    fc.assert(
      fc.property(names, names, (first, second) => {
        const all = (of: MemberNames) => [1, 2, 3].slice(0, of.instanceLimit ?? 3).map((n) => memberName(of, n));
        const meet = all(first).some((name) => all(second).includes(name));
        if (meet) expect(memberNamesCollide(first, second)).toBe(true);
      }),
    );
  });
});
