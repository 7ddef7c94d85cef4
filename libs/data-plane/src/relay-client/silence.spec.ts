import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { productionPatience, Silence, workMs } from './silence.js';
import type { Silent } from './silence.js';
import { SIGN_OF_LIFE_MS } from './protocol.js';

const patience = { answerMs: 30_000, silentMs: 7_000, onceMoreMs: 3_000 };

describe('the silence of a relay', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** What it was given up for, and when; fake time takes a millisecond to come round. `heldUp`: this process was stopped for so long, its timers with it. */
  const listening = (busyMs = () => 0) => {
    const told: [number, string][] = [];
    const start = performance.now();
    let heldUpMs = 0;
    const now = (): number => performance.now() - start + heldUpMs;
    const over = (why: Silent): void => void told.push([now(), why.message]);
    const silence = new Silence(patience, over, { busyMs, now });
    return { silence, told, heldUp: (ms: number) => void (heldUpMs += ms) };
  };

  it('is none while something is said now and then, for however long', () => {
    const { silence, told } = listening();
    for (let i = 0; i < 10_000; i++) {
      silence.heard();
      vi.advanceTimersByTime(SIGN_OF_LIFE_MS);
    }
    expect(told).toEqual([]);
    silence.end();
  });

  it('ends what it is in after seven seconds and three more, once', () => {
    const { silence, told } = listening();
    vi.advanceTimersByTime(1_000);
    silence.heard();
    vi.advanceTimersByTime(9_999);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(100_000);
    expect(told).toEqual([[11_001, expect.stringContaining('has said nothing for 10 s')]]);
  });

  it('may last longer before the first word of an answer', () => {
    const { told } = listening();
    vi.advanceTimersByTime(100_000);
    expect(told).toEqual([[33_001, expect.stringContaining('for 33 s')]]);
  });

  it('is broken by a word that comes while there is doubt already', () => {
    const { silence, told } = listening();
    silence.heard();
    vi.advanceTimersByTime(9_000);
    silence.heard();
    vi.advanceTimersByTime(9_000);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(1_001);
    expect(told).toHaveLength(1);
  });

  it('is broken by what was there to be read when the last look was due', () => {
    const { silence, told } = listening();
    silence.heard();
    vi.advanceTimersByTime(9_000);
    setTimeout(() => silence.heard(), 1_000);
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    silence.end();
  });

  it('is not concluded by who was held up itself, and has not read yet what was said', () => {
    const { silence, told, heldUp } = listening();
    silence.heard();
    vi.advanceTimersByTime(6_000);
    heldUp(60_000);
    vi.advanceTimersByTime(1_000); // it looks, a minute late
    expect(told).toEqual([]);
    silence.heard();
    vi.advanceTimersByTime(9_000);
    expect(told).toEqual([]);
    silence.end();
  });

  it('may last longer while the relay is at work on a large configuration, by its size, and not after that', () => {
    let work = workMs(2 * 1024 * 1024);
    const { silence, told } = listening(() => work);
    silence.heard();
    vi.advanceTimersByTime(29_000);
    expect(told).toEqual([]);
    silence.heard();
    work = workMs(1_000);
    vi.advanceTimersByTime(9_900);
    expect(told).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(told).toHaveLength(1);
  });

  it('is not listened for any more once nothing more is to be said', () => {
    const { silence, told } = listening();
    silence.heard();
    vi.advanceTimersByTime(8_000);
    silence.end();
    silence.heard();
    vi.advanceTimersByTime(100_000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lasts for three signs of life before it counts, and wakes nobody every second', () => {
    const { silentMs, onceMoreMs } = productionPatience;
    expect(silentMs + onceMoreMs).toBeGreaterThan(3 * SIGN_OF_LIFE_MS);
    expect(silentMs + onceMoreMs).toBeLessThanOrEqual(10_000);
    const { setTimeout: fake } = globalThis;
    let made = 0;
    globalThis.setTimeout = Object.assign((...args: Parameters<typeof fake>) => (made++, fake(...args)), fake);
    try {
      const { silence } = listening();
      for (let at = 0; at < 60_000; at += 500) {
        silence.heard();
        vi.advanceTimersByTime(500);
      }
      silence.end();
    } finally {
      globalThis.setTimeout = fake;
    }
    expect(made).toBeGreaterThan(1);
    expect(made).toBeLessThan(20);
  });
});
