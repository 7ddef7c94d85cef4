import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Looking } from './looking.js';

describe('looking again and again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Each look takes a second. */
  function watched() {
    const looks: string[] = [];
    const looking: Looking = new Looking(async () => {
      looks.push('begun');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      looks.push('over');
    }, 500);
    return { looking, looks };
  }

  it('begins with the directory, and never before the look under way is over', async () => {
    const { looking, looks } = watched();
    let begin: () => void = () => undefined;
    looking.start(new Promise<void>((resolve) => (begin = resolve)));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toEqual([]);
    begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(looks).toEqual(['begun']);
    await vi.advanceTimersByTimeAsync(1_499);
    expect(looks).toEqual(['begun', 'over']);
    await vi.advanceTimersByTimeAsync(1);
    expect(looks).toEqual(['begun', 'over', 'begun']);
    await Promise.all([looking.stop(), vi.advanceTimersByTimeAsync(1_000)]);
  });

  it('ends after the look under way, and for good', async () => {
    const { looking, looks } = watched();
    looking.start(Promise.resolve());
    await vi.advanceTimersByTimeAsync(0);
    const stopped = looking.stop().then(() => looks.push('stopped'));
    expect(looking.isOver).toBe(true);
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
    expect(looks).toEqual(['begun', 'over', 'stopped']);
  });

  it('does not begin when it was stopped before', async () => {
    const { looking, looks } = watched();
    const started = Promise.resolve();
    looking.start(started);
    await looking.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(looks).toEqual([]);
  });
});
