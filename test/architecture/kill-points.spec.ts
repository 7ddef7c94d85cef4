import { describe, expect, it } from 'vitest';
import { killPoints } from '@caravan/kill-points';
import { shipped, source } from './code/workspace.js';
import type { Source } from './code/workspace.js';

/** Where a file names kill points: `apps/relay/src/a.ts kick.due`. */
const namedIn = ({ path, text }: Source): string[] =>
  [...text.matchAll(/killPoint(?:\?\.)?\(\s*'([^']+)'/g)].map(([, point]) => `${path} ${point}`);

/** Lines on which production would wait for nothing: an `await` costs a turn, also of what is undefined. */
const waits = ({ path, text }: Source): string[] =>
  text
    .split('\n')
    .filter((line) => /await killPoint/.test(line) && !/if \(killPoint\b/.test(line))
    .map((line) => `${path}: ${line.trim()}`);

const isOfTheRoomItself = ({ path }: Source): boolean => path.startsWith('libs/kill-points/');

describe('kill points', () => {
  const files = shipped().filter((file) => !isOfTheRoomItself(file));
  const named = files.flatMap(namedIn).map((place) => place.split(' ')[1]);

  // That each is a cell of the matrix is asserted beside the matrix (libs/testing/src/kill-points/cells.spec.ts).
  it('are in the code once each, as declared', () => {
    expect([...named].sort()).toEqual(Object.keys(killPoints).sort());
  });

  it('cost nothing where nobody asked for them', () => {
    expect(files.flatMap(waits)).toEqual([]);
  });

  it('are found wherever they are', () => {
    const of = (text: string) => source('a.ts', text);
    expect(namedIn(of(`if (killPoint) await killPoint('kick.due', a);\nvoid killPoint?.('kick.done');`))).toEqual([
      'a.ts kick.due',
      'a.ts kick.done',
    ]);
    expect(waits(of(`await killPoint?.('kick.due');`))).toHaveLength(1);
    expect(waits(of(`if (killPoint && many) await killPoint('kick.due');`))).toEqual([]);
  });
});
