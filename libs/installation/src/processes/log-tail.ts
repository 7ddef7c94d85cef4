import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const LONGEST_READ = 256 * 1024;

/** What a log file holds from `offset` on (at most its last 256 KiB); empty when there is no such file yet. */
export function readFrom(file: string, offset: number): string {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(descriptor);
    const start = Math.max(offset, size - LONGEST_READ);
    if (size <= start) return '';
    const bytes = Buffer.alloc(size - start);
    const count = readSync(descriptor, bytes, 0, bytes.length, start);
    return bytes.toString('utf8', 0, count);
  } finally {
    closeSync(descriptor);
  }
}

/** The last `count` lines written since `offset`, each indented, for quoting in an error. */
export function quoteLastLines(file: string, offset: number, count = 12): string {
  const lines = readFrom(file, offset).trimEnd().split('\n').slice(-count);
  return lines.length === 1 && lines[0] === ''
    ? '  (nothing was logged)'
    : lines.map((line) => `  | ${line}`).join('\n');
}
