import { describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';

const soon = { withinMs: 20, everyMs: 1 };

/** Answers these one after the other, and the last again and again. */
const oneByOne = <T>(...answers: readonly T[]) => {
  let asked = 0;
  return () => answers[Math.min(asked++, answers.length - 1)]!;
};

describe('eventually', () => {
  it('gives the first answer', async () => {
    expect(await eventually('a word', oneByOne(undefined, 'one', 'two'))).toBe('one');
    expect(await eventually('a word', async () => 'one')).toBe('one');
  });

  it('waits until something holds', async () => {
    const holds = oneByOne(false, false, true);
    expect(await eventually('it holds', holds)).toBe(true);
  });

  it.each([0, '', null])('takes %j for an answer', async (answer) => {
    expect(await eventually('anything', () => answer, soon)).toBe(answer);
  });

  it.each([false, undefined])('names what did not come, when the answer stays %s', async (answer) => {
    await expect(eventually('a word', () => answer, soon)).rejects.toThrow('Not within 0.02 s: a word');
  });

  it('says what there was at the end', async () => {
    let asked = 0;
    const asking = eventually(
      () => `more than ${asked}`,
      () => void asked++,
      soon,
    );
    await expect(asking).rejects.toThrow(/more than [1-9]/);
  });

  it('hands on what went wrong when it asked', async () => {
    await expect(eventually('a word', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
