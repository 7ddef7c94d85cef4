import { describe, expect, it } from 'vitest';
import { convergence, remarks, shortcomings } from './convergence.js';

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

  it('names doors that are shut, which is as it should be, and passes over those that are open', () => {
    const doors = state(10, {
      'admission/claim-1': { state: 'applied', detail: 'not started: nobody is let in before 2027' },
      'admission/claim-2': { state: 'applied', detail: 'open since 2026' },
      'admission/claim-3': { state: 'applied', detail: 'ended: nobody is let in since 2026' },
      'link/l': { state: 'waiting', detail: 'dialling' },
      'listener/l': { state: 'applied' },
    });
    expect(remarks(doors)).toEqual([
      'admission/claim-1: not started: nobody is let in before 2027',
      'admission/claim-3: ended: nobody is let in since 2026',
    ]);
    expect(remarks({ observed: null })).toEqual([]);
  });
});
