import { describe, expect, it } from '@jest/globals';
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
