import { describe, expect, it } from 'vitest';
import { LastAsked } from './last-asked.js';

describe('what was asked about last', () => {
  const asking = (most: number) => {
    const made: string[] = [];
    const last = new LastAsked(most, (text) => {
      made.push(text);
      if (text === 'nonsense') throw new Error('it cannot be read');
      return { text };
    });
    return { last, made };
  };

  it('is made once', () => {
    const { last, made } = asking(2);
    expect(last.of('a')).toBe(last.of('a'));
    expect(last.of('b')).toEqual({ text: 'b' });
    expect(made).toEqual(['a', 'b']);
  });

  it('is at most so many: what was asked about longest ago is forgotten', () => {
    const { last, made } = asking(2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) last.of(text);
    expect(made).toEqual(['a', 'b', 'c', 'b']);
  });

  it('is not what cannot be made', () => {
    const { last, made } = asking(2);
    for (let time = 0; time < 2; time++) expect(() => last.of('nonsense')).toThrow('it cannot be read');
    expect(made).toHaveLength(2);
  });
});
