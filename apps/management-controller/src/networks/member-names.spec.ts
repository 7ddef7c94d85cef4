import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { memberName, memberNameOf, memberNamesCollide } from './member-names.js';
import type { MemberNames } from './member-names.js';

const one = (namePrefix: string): MemberNames => ({
  ...{ namePrefix, instanceLimit: 1, interactive: false, approval: false },
});
const many = (namePrefix: string, instanceLimit: number | null = null): MemberNames => ({
  namePrefix,
  instanceLimit,
  interactive: false,
  approval: false,
});
const named = (namePrefix: string): MemberNames => ({ ...many(namePrefix), interactive: true });

describe('names of members', () => {
  it('are the prefix for an only member, numbered for several', () => {
    expect(memberName(one('hq'), 1)).toBe('hq');
    expect(memberName(many('store', 5), 3)).toBe('store-3');
  });

  it('are the prefix and what whoever joins calls the site, if that is not too long for a name', () => {
    expect(memberNameOf(named('store'), 'paris')).toBe('store-paris');
    expect(memberNameOf(named('store'), 'p'.repeat(57))).toHaveLength(63);
    expect(memberNameOf(named('store'), 'p'.repeat(58))).toBeUndefined();
  });

  it.each([
    [one('hq'), one('hq'), true],
    [many('store'), many('store', 5), true],
    [many('store'), one('store'), false],
    [many('store'), one('store-7'), true],
    [many('store', 5), one('store-7'), false],
    [many('store'), one('store-07'), false],
    [many('store'), many('store-7'), false],
    [{ ...many('store', 2), approval: true }, one('store-7'), true],
    [named('store'), named('store'), true],
    [named('store'), named('store-7'), true],
    [named('store'), many('store'), true],
    [named('store'), many('store-7'), true],
    [named('store'), one('store-7'), true],
    [named('store'), one('store'), false],
    [named('store-7'), many('store'), false],
    [named('store-7'), one('store-7'), false],
    [named('store'), named('storefront'), false],
  ])('%o and %o collide: %s', (first, second, collide) => {
    expect(memberNamesCollide(first, second)).toBe(collide);
    expect(memberNamesCollide(second, first)).toBe(collide);
  });

  it('never meet when the rule says that they do not collide', () => {
    const names = fc.record({
      namePrefix: fc.constantFrom('a', 'a-1', 'a-2', 'a-1-1', 'b'),
      instanceLimit: fc.constantFrom(null, 1, 2, 3),
      interactive: fc.boolean(),
      approval: fc.boolean(),
    });
    const chosen = ['1', '2', '1-1', '1-2', 'a', 'b'];
    fc.assert(
      fc.property(names, names, (first, second) => {
        const all = (of: MemberNames) =>
          of.interactive
            ? chosen.map((name) => memberNameOf(of, name))
            : [1, 2, 3].slice(0, (of.approval ? null : of.instanceLimit) ?? 3).map((n) => memberName(of, n));
        const meet = all(first).some((name) => all(second).includes(name));
        if (meet) expect(memberNamesCollide(first, second)).toBe(true);
      }),
    );
  });
});
