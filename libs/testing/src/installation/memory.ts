import { readFileSync } from 'node:fs';

const MiB = 1024 * 1024;

/** What a process has in memory, in MiB, as Linux counts (proc(5), smaps_rollup). */
export interface Memory {
  /** All its pages, with those that it shares. */
  readonly resident: number;
  /** The same, with a share of each shared page: what it takes of the machine. */
  readonly proportional: number;
  /** Of all its pages, those of no file: what leaks is there. A machine may take the others back for a while. */
  readonly anonymous: number;
}

/** @throws Error when there is no such process */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return { resident: inMiB(text, 'Rss'), proportional: inMiB(text, 'Pss'), anonymous: inMiB(text, 'Anonymous') };
}

function inMiB(text: string, field: string): number {
  const kB = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  if (kB === undefined) throw new Error(`there is no ${field} in smaps_rollup`);
  return (Number(kB) * 1024) / MiB;
}
