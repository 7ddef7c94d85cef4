import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Preparing } from './preparing.js';

describe('what is needed soon', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const done: number[] = [];
  const jobs = (count: number) => Array.from({ length: count }, (_, at) => () => void done.push(at));

  it('is done in time, one thing after the other, and never at once', () => {
    const preparing = new Preparing(60_000);
    preparing.begin(jobs(1_000));
    expect(done).toHaveLength(0);
    vi.advanceTimersByTime(25);
    expect(done).toEqual([0]);
    vi.advanceTimersByTime(30_000);
    expect(done).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
    preparing.stop();
  });

  it('is hurried where there is more of it than time', () => {
    done.length = 0;
    const preparing = new Preparing(1_000);
    preparing.begin(jobs(100));
    vi.advanceTimersByTime(1_000);
    expect(done).toHaveLength(100);
  });

  it('is what is due now, and nothing of before or after the end', () => {
    done.length = 0;
    const preparing = new Preparing(60_000);
    preparing.begin(jobs(3));
    preparing.begin([() => void done.push(42)]);
    vi.advanceTimersByTime(1_000);
    expect(done).toEqual([42]);
    preparing.begin(jobs(3));
    preparing.stop();
    vi.advanceTimersByTime(1_000);
    expect(done).toEqual([42]);
  });
});
