import { describe, expect, it } from 'vitest';
import { kindOf } from '../kinds/kinds.js';
import { choose } from './resolve.js';

const kind = { name: 'access-point', plural: 'access-points' };
const candidate = (id: string, ...labels: string[]) => ({ item: { id }, labels });
const candidates = [
  candidate('id-1', 'east/peer', 'peer'),
  candidate('id-2', 'west/peer', 'peer'),
  candidate('id-3', 'west/claim', 'claim'),
];

describe('a name', () => {
  it.each([
    ['id-2', 'id-2'],
    ['west/peer', 'id-2'],
    ['claim', 'id-3'],
  ])('%s means %s', (name, id) => {
    expect(choose(kind, name, candidates)).toEqual({ id });
  });

  it('that several have is refused with what it could be', () => {
    expect(() => choose(kind, 'peer', candidates)).toThrow(
      expect.objectContaining({
        code: 'cli.ambiguous',
        exit: 2,
        remedies: ['east/peer (id-1)', 'west/peer (id-2)'],
      }),
    );
  });

  it('that several have is the one that their kind says is meant', () => {
    const rotations = kindOf('rotation');
    const of = (id: string, networkId: string | null, status: string) => {
      const item = { id, ownerKind: networkId ? 'network' : 'installation', networkId, backboneId: null, status };
      return { item, labels: ['retail'] };
    };
    const chosen = (...all: ReturnType<typeof of>[]) => choose(rotations, 'retail', all)['id'];
    const [first, second, other] = [of('1', 'n', 'finished'), of('2', 'n', 'finished'), of('3', 'm', 'finished')];
    expect(chosen(second, first)).toBe('2');
    expect(chosen(first, of('0', 'n', 'paused'), second, other)).toBe('0');
    for (const several of [
      [first, other],
      [of('4', 'n', 'running'), of('5', 'm', 'paused')],
    ])
      expect(() => chosen(...several)).toThrow(expect.objectContaining({ code: 'cli.ambiguous' }));
  });

  it('that nothing has is refused with the code of the server, and the nearest name', () => {
    expect(() => choose(kind, 'west/clam', candidates)).toThrow(
      expect.objectContaining({
        code: 'access-point.unknown',
        exit: 1,
        remedies: ['"west/claim"', 'caravan get access-points'],
      }),
    );
  });

  it('that nothing has is looked for where the others were found', () => {
    expect(() => choose(kind, 'nowhere', [], 'caravan site listeners --dir shop')).toThrow(
      expect.objectContaining({ remedies: ['caravan site listeners --dir shop'] }),
    );
  });
});
