import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { KeptConfiguration } from './kept-configuration.js';

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const textOf = (kept: KeptConfiguration): string | undefined => {
  const handOver = kept.handOver();
  return handOver && Buffer.from(handOver.configuration).toString();
};

describe('what a supervisor keeps for the next start of the relay', () => {
  it('is nothing at first', () => {
    expect(new KeptConfiguration().handOver()).toBeUndefined();
  });

  it('is what came last, for as many starts as there are', () => {
    const kept = new KeptConfiguration();
    for (const text of ['first', 'second']) kept.keep(bytes(text));
    expect([textOf(kept), textOf(kept)]).toEqual(['second', 'second']);
  });

  it('leaves nothing of the one before, nor of itself when it is forgotten', () => {
    const kept = new KeptConfiguration();
    const [first, second] = [bytes('key of before'), bytes('key of now')];
    kept.keep(first);
    expect(Buffer.from(first).toString()).toBe('key of before');
    kept.keep(second);
    expect(first.every((byte) => byte === 0)).toBe(true);
    kept.forget();
    expect(second.every((byte) => byte === 0)).toBe(true);
    expect(kept.handOver()).toBeUndefined();
  });

  it('is not printed', () => {
    const kept = new KeptConfiguration();
    kept.keep(bytes('key'));
    expect(inspect(kept, { depth: 9, showHidden: true })).not.toContain('107');
    expect(JSON.stringify(kept)).toBe('{"kept":"[secret]"}');
  });
});
