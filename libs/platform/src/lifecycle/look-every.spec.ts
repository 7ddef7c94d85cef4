import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lookEvery } from './look-every.js';

const EVERY_MS = 100;

describe('what is looked at from time to time', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is looked at each time, and no more once that is ended', async () => {
    let looks = 0;
    const end = lookEvery(EVERY_MS, () => Promise.resolve(void looks++));
    expect(looks).toBe(0);
    await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(looks).toBe(3);
    end();
    await vi.advanceTimersByTimeAsync(3 * EVERY_MS);
    expect(looks).toBe(3);
  });

  it('is looked at once more at the beginning where that is asked for', async () => {
    let looks = 0;
    const end = lookEvery(EVERY_MS, () => Promise.resolve(void looks++), { atOnce: true });
    expect(looks).toBe(1);
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    end();
    expect(looks).toBe(2);
  });

  it('is not looked at a second time while a look is under way', async () => {
    const answers: (() => void)[] = [];
    const end = lookEvery(EVERY_MS, () => new Promise((resolve) => void answers.push(resolve)));
    await vi.advanceTimersByTimeAsync(5 * EVERY_MS);
    expect(answers).toHaveLength(1);
    answers[0]!();
    await vi.advanceTimersByTimeAsync(EVERY_MS);
    expect(answers).toHaveLength(2);
    end();
  });
});
