import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Liveness } from './liveness.js';

const timing = { everyMs: 5_000, retryMs: 1_500, misses: 3 };

describe('the life of a session', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const watched = (answers: () => boolean) => {
    const seen = { heard: 0, pings: 0, suspected: [] as boolean[], dead: false };
    const liveness = new Liveness(timing, {
      heard: () => seen.heard,
      ping: () => {
        seen.pings++;
        if (answers()) seen.heard += 17;
      },
      suspect: (isSuspect) => void seen.suspected.push(isSuspect),
      dead: () => (seen.dead = true),
    });
    return { seen, liveness };
  };

  it('goes on while every PING is answered', () => {
    const { seen, liveness } = watched(() => true);
    jest.advanceTimersByTime(60_000);
    expect(seen).toMatchObject({ pings: 12, dead: false, suspected: [] });
    liveness.stop();
  });

  it('ends within ten seconds of silence, and is suspect before', () => {
    let alive = true;
    const { seen } = watched(() => alive);
    jest.advanceTimersByTime(5_001);
    alive = false;
    jest.advanceTimersByTime(6_500);
    expect(seen).toMatchObject({ suspected: [true], dead: false });
    jest.advanceTimersByTime(3_000);
    expect(seen).toMatchObject({ dead: true, suspected: [true] });
  });

  it('counts other bytes than the answer as life', () => {
    const { seen, liveness } = watched(() => false);
    const trickle = setInterval(() => seen.heard++, 1_000);
    jest.advanceTimersByTime(60_000);
    expect(seen).toMatchObject({ dead: false, suspected: [] });
    clearInterval(trickle);
    liveness.stop();
  });

  it('is no longer suspect once something is heard', () => {
    const { seen, liveness } = watched(() => false);
    jest.advanceTimersByTime(7_000);
    seen.heard++;
    jest.advanceTimersByTime(1_500);
    expect(seen.suspected).toEqual([true, false]);
    liveness.stop();
  });
});
