import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inTime } from './in-time.js';

const { signal } = new AbortController();
const late: string[] = [];
const options = { ms: 20, signal, tooLate: (value: string) => late.push(value) };

describe('something that is to come in time', () => {
  it('is passed on, and so is its failure', async () => {
    expect(await inTime(Promise.resolve('here'), options)).toBe('here');
    await expect(inTime(Promise.reject(new Error('no')), options)).rejects.toThrow('no');
  });

  it('is given away when it comes too late', async () => {
    await expect(inTime(pause(40, 'late'), options)).rejects.toThrow('nothing within 0.02 s');
    await pause(40);
    expect(late).toEqual(['late']);
  });

  it('is not waited for when nobody wants it any more', async () => {
    const aborting = new AbortController();
    const never = inTime(new Promise<string>(() => undefined), { ...options, ms: 60_000, signal: aborting.signal });
    aborting.abort(new Error('stopped'));
    await expect(never).rejects.toThrow('stopped');
    await expect(inTime(Promise.resolve('x'), { ...options, signal: aborting.signal })).rejects.toThrow('stopped');
  });
});
