import { readdirSync } from 'node:fs';
import { memoryOf } from '@caravan/testing/installation';

/** What a process holds (proc(5)). */
export interface Usage {
  /** Pages of no file. */
  readonly memoryMiB: number;
  readonly openFiles: number;
}

/** @throws Error when there is no such process */
export function usageOf(pid: number): Usage {
  return { memoryMiB: memoryOf(pid).anonymous, openFiles: readdirSync(`/proc/${pid}/fd`).length };
}

/** What may be added while nothing leaks: garbage that waits to be collected, and a tenth. */
const ROOM = { memoryMiB: 12, openFiles: 12 } as const;
const SHARE = 1.1;

/** In words: what a process holds more of in the last quarter of its looks than in the second. The first is warming up. */
export function grown(looks: readonly Usage[]): string[] {
  const quarter = Math.floor(looks.length / 4);
  const [early, late] = [looks.slice(quarter, 2 * quarter), looks.slice(-quarter)];
  return (['memoryMiB', 'openFiles'] as const).flatMap((what) => {
    const [was, is] = [median(early.map((look) => look[what])), median(late.map((look) => look[what]))];
    return is <= was * SHARE + ROOM[what] ? [] : [`${what}: ${was.toFixed(0)} became ${is.toFixed(0)}`];
  });
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};
