import { describe, expect, it } from 'vitest';
import type { Footprint } from './footprint.fixture.js';
import { inWords, leaksBetween, typical } from './footprint.fixture.js';

const WARM: Footprint = {
  resident: 90,
  heap: 15,
  external: 4,
  descriptors: 25,
  handles: 20,
  sessions: 4,
  lines: 4,
  tunnels: 0,
};

describe('The leak judgement', () => {
  it('lets what stays as it is, shrinks, or breathes pass', () => {
    expect(leaksBetween(WARM, WARM)).toEqual([]);
    expect(
      leaksBetween(WARM, { ...WARM, resident: 100, heap: 16.5, handles: 22, sessions: 6, descriptors: 24 }),
    ).toEqual([]);
  });

  it.each([
    ['resident memory', { resident: 123 }],
    ['heap', { heap: 17.1 }],
    ['buffers', { external: 8.5 }],
    ['open descriptors', { descriptors: 26 }],
    ['active handles', { handles: 25 }],
    ['HTTP/2 sessions', { sessions: 7 }],
    ['lines', { lines: 5 }],
    ['tunnels', { tunnels: 1 }],
  ])('finds planted growth of %s and of nothing else', (name, grown) => {
    expect(leaksBetween(WARM, { ...WARM, ...grown })).toEqual([expect.stringContaining(`leaks: ${name}`)]);
  });

  it('takes a figure that is none for a leak, not for nothing', () => {
    expect(leaksBetween(WARM, { ...WARM, heap: NaN })).toHaveLength(1);
  });

  it('finds slow growth between the first looks and the last, and no single look makes one', () => {
    const looks = (heaps: readonly number[]): Footprint => typical(heaps.map((heap) => ({ ...WARM, heap })));
    expect(leaksBetween(looks([15, 15.1, 15.2]), looks([18, 18.1, 18.2]))).toHaveLength(1);
    expect(leaksBetween(looks([15, 15.1, 15.2]), looks([15, 30, 15.1]))).toEqual([]);
  });

  it('says every figure in words', () => {
    expect(inWords(WARM)).toBe(
      'resident memory 90 MiB, heap 15 MiB, buffers 4 MiB, open descriptors (sockets and files) 25, active handles 20, HTTP/2 sessions in memory 4, lines 4, tunnels 0',
    );
  });
});
