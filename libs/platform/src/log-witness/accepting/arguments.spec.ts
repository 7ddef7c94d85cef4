import { describe, expect, it } from 'vitest';
import { acceptArguments } from './arguments.js';

const hash = 'ab'.repeat(32);
const right = ['--sequence', '12', '--hash', hash, '--by', 'Ada', '--reason', 'restored the copy of Monday'];

describe('the arguments of accept-log', () => {
  it('may be none: a look', () => expect(acceptArguments([])).toBeUndefined());

  it('say where the log ends, who accepts it and why', () => {
    const accepted = { sequence: 12, commitHash: hash, by: 'Ada', reason: 'restored the copy of Monday' };
    expect(acceptArguments(right)).toEqual(accepted);
    expect(
      acceptArguments(['--sequence', '0', '--hash', 'empty', '--by', 'Ada', '--reason', 'none is left']),
    ).toMatchObject({
      sequence: 0,
      commitHash: 'empty',
    });
  });

  it.each([
    ['--sequence', right.slice(2)],
    ['--sequence', right.with(1, 'last')],
    ['--hash', right.with(3, 'abc')],
    ['--by', right.with(5, ' ')],
    ['--reason', right.slice(0, 6)],
    ['the command line', [...right, '--force']],
  ])('are refused when %s is missing or wrong', (what, argv) => {
    expect(() => acceptArguments(argv)).toThrow(what);
  });
});
