import { describe, expect, it } from 'vitest';
import { codeOf } from './code-of.fixture.js';
import { DAY, MINUTE, NOW } from './tree.fixture.js';
import { validityWithin } from './validity.js';

const at = (offset: number): Date => new Date(NOW.getTime() + offset);
const always = { notBefore: at(-100 * DAY), notAfter: at(100 * DAY) };

describe('a validity', () => {
  it('starts five minutes ago and lasts from now', () => {
    expect(validityWithin([always], NOW, DAY)).toEqual({ notBefore: at(-5 * MINUTE), notAfter: at(DAY) });
  });

  it('starts a tenth of its life ago when that is less', () => {
    expect(validityWithin([always], NOW, 10 * MINUTE)).toEqual({ notBefore: at(-MINUTE), notAfter: at(10 * MINUTE) });
  });

  it('does not start before its issuer or its window', () => {
    const [issuer, window] = [{ notBefore: at(-2 * MINUTE) }, { notBefore: at(-MINUTE) }];
    expect(validityWithin([issuer, {}], NOW, DAY).notBefore).toEqual(at(-2 * MINUTE));
    expect(validityWithin([issuer, window], NOW, DAY).notBefore).toEqual(at(-MINUTE));
  });

  it('starts in the future with a window of the future, and lasts from there', () => {
    expect(validityWithin([always, { notBefore: at(7 * DAY) }], NOW, DAY)).toEqual({
      notBefore: at(7 * DAY),
      notAfter: at(8 * DAY),
    });
  });

  it('ends with whatever ends first: lifetime, issuer or window', () => {
    expect(validityWithin([always, { notAfter: at(3 * DAY) }], NOW, DAY).notAfter).toEqual(at(DAY));
    expect(validityWithin([always, { notAfter: at(3 * DAY) }], NOW, 9 * DAY).notAfter).toEqual(at(3 * DAY));
    expect(validityWithin([always, {}], NOW, 900 * DAY).notAfter).toEqual(always.notAfter);
  });

  it('has no limit but its lifetime when nothing limits it', () => {
    expect(validityWithin([{}, {}], NOW, DAY).notAfter).toEqual(at(DAY));
  });

  it('rounds to whole seconds, inwards', () => {
    const { notBefore, notAfter } = validityWithin([{ notBefore: at(1), notAfter: at(2999) }], NOW, DAY);
    expect([notBefore, notAfter]).toEqual([at(1000), at(2000)]);
  });

  it.each([
    ['a window that is over', { notAfter: at(-1) }],
    ['a window that ends now', { notAfter: at(0) }],
    ['a window that ends before it starts', { notBefore: at(2 * DAY), notAfter: at(DAY) }],
    ['a window that opens when its issuer is gone', { notBefore: at(101 * DAY) }],
    ['less than a second', { notBefore: at(1), notAfter: at(999) }],
    ['an invalid start', { notBefore: new Date(NaN) }],
    ['an invalid end', { notAfter: new Date(NaN) }],
  ])('is refused for %s', (_, window) => {
    expect(codeOf(() => validityWithin([always, window], NOW, DAY))).toBe('certificate.outside-window');
  });

  it('is refused at an invalid time', () => {
    expect(codeOf(() => validityWithin([always], new Date(NaN), DAY))).toBe('certificate.outside-window');
  });
});
