import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.js';

describe('the distance of two words', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['network', 'netwrok', 1],
    ['kitten', 'sitting', 3],
  ])('%s to %s is %d', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance);
    expect(editDistance(to, from)).toBe(distance);
  });
});

describe('the nearest word', () => {
  const words = ['backbone', 'network', 'member', 'link'];

  it.each([
    ['netwrok', 'network'],
    ['LINK', 'link'],
    ['lnik', 'link'],
    ['mem', 'member'],
    ['back', 'backbone'],
    ['something', undefined],
    ['x', undefined],
    ['', undefined],
  ])('to %s is %s', (word, meant) => {
    expect(nearest(word, words)).toBe(meant);
  });

  it('is none when several begin so', () => {
    expect(nearest('sit', ['site-class', 'site-state'])).toBeUndefined();
  });

  it('is found in bounded time for a word without bound', () => {
    expect(nearest('n'.repeat(1_000_000), words)).toBeUndefined();
  });
});
