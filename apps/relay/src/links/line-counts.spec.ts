import { describe, expect, it } from '@jest/globals';
import { LineCounts } from './line-counts.js';

const CLAIM = 'spiffe://inst/network/n1/claim/i1';
const MEMBER = 'spiffe://inst/network/n1/member/m1';
const [HERE, THERE] = ['192.0.2.1', '192.0.2.2'];

function counted(lines: readonly (readonly [count: number, identity: string, address: string])[]) {
  const counts = new LineCounts();
  const forget = lines.flatMap(([count, identity, address]) =>
    Array.from({ length: count }, () => counts.add(identity, address)),
  );
  return { counts, forget };
}

describe('how many lines', () => {
  it('of one claim from one place there may be is a quarter of what there may be of that claim', () => {
    const { counts, forget } = counted([[256, CLAIM, HERE]]);
    expect(counts.refusal(CLAIM, true, HERE)).toContain('256 lines here from 192.0.2.1');
    // Whoever else was invited gets in.
    expect(counts.refusal(CLAIM, true, THERE)).toBeUndefined();
    forget[0]!();
    expect(counts.refusal(CLAIM, true, HERE)).toBeUndefined();
  });

  it('of one claim there may be in all', () => {
    const places = [1, 2, 3, 4].map((place) => [256, CLAIM, `198.51.100.${place}`] as const);
    expect(counted(places).counts.refusal(CLAIM, true, THERE)).toContain('1024 lines');
  });

  it('of one site there may be, wherever it comes from', () => {
    const { counts } = counted([
      [16, MEMBER, HERE],
      [16, MEMBER, THERE],
    ]);
    expect(counts.refusal(MEMBER, false, '192.0.2.3')).toContain('32 lines');
    expect(counts.refusal(`${MEMBER}2`, false, HERE)).toBeUndefined();
  });

  it('there may be at all', () => {
    const all = Array.from({ length: 1_000 }, (_, index) => [20, `${MEMBER}${index}`, HERE] as const);
    const { counts, forget } = counted(all);
    expect(counts.refusal(MEMBER, false, HERE)).toContain('20000 lines');
    for (const each of forget) each();
    expect(counts.refusal(MEMBER, false, HERE)).toBeUndefined();
  });

  it('of nobody are not counted: dialled ones prove a host', () => {
    const counts = new LineCounts();
    counts.add(null, HERE);
    expect(counts.refusal('', false, HERE)).toBeUndefined();
  });
});
