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

/**
 * What may be added from the second quarter of an hour to the last while nothing leaks: twice the most that was added in the two hours
 * that are recorded (docs/reliability.md). No file was; the connections to PostgreSQL were three more at times.
 */
const ROOM: Usage = { memoryMiB: 8, openFiles: 4 };
/** It keeps more of the log in memory, as that grows. */
const ROOM_OF_NATS_SERVER: Usage = { ...ROOM, memoryMiB: 12 };
/** Who has run for so long is warm after a quarter of it. A relay added 12 MiB to itself in three minutes. */
const WARM_MINUTES = 60;
const COLD = 2;

export function roomOf(name: string, minutes: number): Usage {
  const { memoryMiB, openFiles } = name === 'nats-server' ? ROOM_OF_NATS_SERVER : ROOM;
  return { openFiles, memoryMiB: minutes < WARM_MINUTES ? memoryMiB * COLD : memoryMiB };
}

/** In words: what a process holds more of in the last quarter of its looks than in the second, beyond `room`. The first is warming up. */
export function grown(looks: readonly Usage[], room: Usage): string[] {
  const quarter = Math.floor(looks.length / 4);
  const [early, late] = [looks.slice(quarter, 2 * quarter), looks.slice(-quarter)];
  return (['memoryMiB', 'openFiles'] as const).flatMap((what) => {
    const [was, is] = [median(early.map((look) => look[what])), median(late.map((look) => look[what]))];
    return is <= was + room[what] ? [] : [`${what}: ${was.toFixed(0)} became ${is.toFixed(0)}`];
  });
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};
