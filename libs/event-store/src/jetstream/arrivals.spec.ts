import { describe, expect, it } from 'vitest';
import { Arrivals } from './arrivals.js';
import type { RawCommit } from './raw-commit.js';

const commit = (position: number): RawCommit => ({
  stream: 'caravan.evt.test.thing.a',
  position,
  bytes: new Uint8Array(),
});
const { signal } = new AbortController();

/** Everything that is handed on, and what it ends with. */
async function taken(arrivals: Arrivals, known: number): Promise<{ positions: number[]; end: unknown }> {
  const positions: number[] = [];
  try {
    for (;;) {
      const batch = await arrivals.take(2, known, signal);
      if (batch.length === 0) return { positions, end: arrivals.broken };
      positions.push(...batch.map(({ position }) => position));
    }
  } catch (error) {
    return { positions, end: (error as Error).message };
  }
}

describe('what arrives of the log', () => {
  it('is handed on in order, until the delivery breaks', async () => {
    const arrivals = new Arrivals(1, undefined);
    for (const position of [1, 2, 3]) arrivals.receiver.deliver(commit(position));
    arrivals.receiver.broken('gone');
    expect(await taken(arrivals, 3)).toEqual({ positions: [1, 2, 3], end: 'gone' });
  });

  it('ends before a hole, however much arrives behind it', async () => {
    const arrivals = new Arrivals(1, undefined);
    for (const position of [1, 2, 4, 5, 6]) arrivals.receiver.deliver(commit(position));
    const { positions, end } = await taken(arrivals, 6);
    expect(positions).toEqual([1, 2]);
    expect(end).toContain('nothing at 3, and goes on at 4');
  });

  it('ends before a hole that its server knows of, before anything arrives behind it', async () => {
    const arrivals = new Arrivals(1, 3);
    for (const position of [1, 2, 4]) arrivals.receiver.deliver(commit(position));
    const { positions, end } = await taken(arrivals, 4);
    expect(positions).toEqual([1, 2]);
    expect(end).toContain('nothing at 3');
  });

  it('goes past a question for flow only when what came before it was taken', async () => {
    const arrivals = new Arrivals(1, undefined);
    const asked: string[] = [];
    arrivals.receiver.deliver(commit(1));
    arrivals.receiver.flow(() => asked.push('go'));
    arrivals.receiver.deliver(commit(2));
    expect((await arrivals.take(10, 2, signal)).length).toBe(1);
    expect(asked).toEqual([]);
    expect((await arrivals.take(10, 2, signal)).map(({ position }) => position)).toEqual([2]);
    expect(asked).toEqual(['go']);
  });
});
