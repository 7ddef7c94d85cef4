import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { Repeating } from './repeating.js';
import { Waiting } from './waiting.js';

describe('something that is done over and over', () => {
  it('is done at once, then after each pause that it asked for, then when woken', async () => {
    const pauses: (number | undefined)[] = [1, 1, undefined];
    let times = 0;
    const repeating = new Repeating({ work: async () => pauses[times++], failed: () => undefined });
    repeating.start();
    await eventually('three times', () => times === 3);
    await pause(20);
    expect(times).toBe(3);
    repeating.wake();
    await eventually('once more', () => times === 4);
    await repeating.stop();
  });

  it('is done once more when it was woken while it was done, and never twice at a time', async () => {
    let [now, most, times] = [0, 0, 0];
    const repeating = new Repeating({
      work: async () => {
        most = Math.max(most, ++now);
        await pause(10);
        now--;
        times++;
        return undefined;
      },
      failed: () => undefined,
    });
    repeating.start();
    for (let i = 0; i < 5; i++) repeating.wake();
    await eventually('twice', () => times === 2);
    await pause(30);
    expect([most, times]).toEqual([1, 2]);
    await repeating.stop();
  });

  it('is tried again after a failure', async () => {
    let times = 0;
    const failures: unknown[] = [];
    const repeating = new Repeating({
      work: () => (++times < 3 ? Promise.reject(new Error(`failure ${times}`)) : Promise.resolve(undefined)),
      failed: (error) => failures.push((error as Error).message),
      backOff: { firstMs: 1, mostMs: 2 },
    });
    repeating.start();
    await eventually('the third time', () => times === 3);
    await pause(20);
    expect(failures).toEqual(['failure 1', 'failure 2']);
    expect(times).toBe(3);
    await repeating.stop();
  });

  it('is done once for many calls within a short time', async () => {
    let times = 0;
    const work = async (): Promise<undefined> => {
      times++;
    };
    const repeating = new Repeating({ work, failed: () => undefined });
    repeating.start();
    await eventually('the first time', () => times === 1);
    for (let i = 0; i < 100; i++) repeating.wakeSoon(20);
    await eventually('once for all', () => times === 2);
    await pause(40);
    expect(times).toBe(2);
    await repeating.stop();
  });
});

describe('a pause', () => {
  it('is none after the end, and none once when somebody woke before it', async () => {
    const waiting = new Waiting();
    waiting.wake();
    await waiting.pause();
    const started = performance.now();
    await waiting.pause(20);
    expect(performance.now() - started).toBeGreaterThan(15);
    waiting.end();
    await waiting.pause();
    expect(waiting.ended).toBe(true);
  });
});
