import { describe, expect, it } from 'vitest';
import { fitting } from './answer-size.js';

describe('an answer', () => {
  it('goes out as it is when one message holds it', () => {
    const answer = { items: ['a'] };
    expect(fitting(answer, Buffer.byteLength(JSON.stringify(answer)))).toBe(answer);
  });

  it('is refused with a code and the remedy when it does not, counted in bytes and not in letters', () => {
    const answer = { items: ['ä'] };
    expect(() => fitting(answer, JSON.stringify(answer).length)).toThrow(
      expect.objectContaining({
        code: 'desired-state.too-large',
        details: expect.objectContaining({ detail: expect.stringContaining('raise its max_payload') }),
      }),
    );
  });
});
