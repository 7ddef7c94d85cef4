import { describe, expect, it } from 'vitest';
import { format, inspect } from 'node:util';
import { Secret } from './secret.js';

describe('a secret', () => {
  const secret = new Secret('hunter2');

  it('is read by asking for it', () => {
    expect(secret.reveal()).toBe('hunter2');
  });

  it('prints [secret] however it is printed', () => {
    const prints = [
      secret.toString(),
      `${secret as unknown as string}`,
      JSON.stringify({ secret }),
      inspect({ nested: { secret } }),
      format('%s %o %j', secret, secret, secret),
      ('' + (secret as unknown as string)).concat(),
    ];
    for (const print of prints) {
      expect(print).toContain('[secret]');
      expect(print).not.toContain('hunter2');
    }
  });

  it('has no enumerable trace of its value', () => {
    expect(Object.entries(secret)).toEqual([]);
    expect(inspect(structuredClone({ ...secret }))).not.toContain('hunter2');
  });
});
