import { describe, expect, it } from '@jest/globals';
import { convergence, shortcomings } from './convergence.js';

const state = (appliedRevision: number, items: object) => ({
  desired: { revision: 10, items: [] },
  observed: { appliedRevision, items },
});

describe('the state of a site in words', () => {
  it.each([
    [{ desired: { revision: 10, items: [] }, observed: null }, 'never reported'],
    [state(10, { a: { state: 'applied' } }), 'converged'],
    [state(8, { a: { state: 'applied' } }), 'every item applied; at revision 8 of 10'],
    [state(10, { a: { state: 'failed' }, b: { state: 'waiting' }, c: { state: 'failed' } }), '2 failed, 1 waiting'],
    [state(10, { a: {} }), '1 unknown'],
  ])('%j is %s', (of, words) => {
    expect(convergence(of)).toBe(words);
  });

  it('names what is not as it should be, and why', () => {
    expect(
      shortcomings(
        state(10, { a: { state: 'failed', detail: 'taken' }, b: { state: 'waiting' }, c: { state: 'applied' } }),
      ),
    ).toEqual(['a failed: taken', 'b waiting']);
  });
});
