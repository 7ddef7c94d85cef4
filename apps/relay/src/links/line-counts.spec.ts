import { describe, expect, it } from 'vitest';
import { LineCounts } from './line-counts.js';

const CLAIM = 'spiffe://inst/network/n1/claim/i1';
const MEMBER = 'spiffe://inst/network/n1/member/m1';
const [HERE, THERE] = ['192.0.2.1', '192.0.2.2'];

function counted(of: readonly (readonly [count: number, identity: string, address: string])[]) {
  const counts = new LineCounts();
  const lines = of.flatMap(([count, identity, address]) =>
    Array.from({ length: count }, () => counts.add(identity, identity === CLAIM, address, () => undefined)),
  );
  return { counts, lines };
}

describe('how many lines', () => {
  it('of one claim from one place there may be is a quarter of what there may be of that claim', () => {
    const { counts, lines } = counted([[256, CLAIM, HERE]]);
    expect(counts.refusal(CLAIM, true, HERE)).toContain('256 lines here from 192.0.2.1');
    // Whoever else was invited gets in.
    expect(counts.refusal(CLAIM, true, THERE)).toBeUndefined();
    lines[0]!.forget();
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
    const { counts, lines } = counted(all);
    expect(counts.refusal(MEMBER, false, HERE)).toContain('20000 lines');
    for (const line of lines) line.forget();
    expect(counts.refusal(MEMBER, false, HERE)).toBeUndefined();
  });

  describe('of one site that finish what they carry', () => {
    const MOST = 32;

    it('leave the next ones room, and are counted once, however often they are said to', () => {
      const { counts, lines } = counted([[MOST, MEMBER, HERE]]);
      expect(counts.refusal(MEMBER, false, HERE)).toContain('32 lines');
      for (const line of [...lines, ...lines]) line.drain();
      const next = Array.from({ length: MOST - 1 }, () => counts.add(MEMBER, false, HERE, () => undefined));
      expect(counts.refusal(MEMBER, false, HERE)).toBeUndefined();
      next.push(counts.add(MEMBER, false, HERE, () => undefined));
      expect(counts.refusal(MEMBER, false, HERE)).toContain('32 lines');
      for (const line of [...lines, ...next]) line.forget();
      for (const line of lines) line.drain(); // of one that is gone it says nothing any more
      expect(counts.refusal(MEMBER, false, HERE)).toBeUndefined();
    });

    it('are bounded themselves: the oldest makes room, of no other site', () => {
      const counts = new LineCounts();
      const ended: number[] = [];
      const add = (number: number, identity = MEMBER) => {
        const line = counts.add(identity, false, HERE, () => {
          ended.push(number);
          line.forget(); // as a line that closes is forgotten
        });
        return line;
      };
      add(-1, `${MEMBER}2`).drain();
      for (let number = 0; number < MOST; number++) add(number).drain();
      expect(ended).toEqual([]);
      for (let number = MOST; number < MOST + 3; number++) add(number).drain();
      expect(ended).toEqual([0, 1, 2]);
    });

    it('still count among those of the relay', () => {
      const all = Array.from({ length: 1_000 }, (_, index) => [20, `${MEMBER}${index}`, HERE] as const);
      const { counts, lines } = counted(all);
      for (const line of lines) line.drain();
      expect(counts.refusal(MEMBER, false, HERE)).toContain('20000 lines');
    });

    it('are not told from the others of a claim: whoever shares it could end them', () => {
      const { counts, lines } = counted([[256, CLAIM, HERE]]);
      for (const line of lines) line.drain();
      expect(counts.refusal(CLAIM, true, HERE)).toContain('256 lines');
    });
  });

  it('of nobody are not counted: dialled ones prove a host', () => {
    const counts = new LineCounts();
    counts.add(null, false, HERE, () => undefined).drain();
    expect(counts.refusal('', false, HERE)).toBeUndefined();
  });
});
