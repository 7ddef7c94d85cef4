import { readFileSync } from 'node:fs';
import type { StreamName } from '@caravan/events';

/** An entry as it lay in a log, byte for byte. */
export interface GoldenEntry {
  readonly stream: StreamName;
  readonly bytes: Uint8Array;
}

/**
 * A log that was recorded once and is kept for ever: a line for each entry, `{"stream": "...", "commit": "<its text>"}`, in the
 * order of the log.
 */
export const readGoldenLog = (file: URL): GoldenEntry[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { stream, commit } = JSON.parse(line) as { stream: StreamName; commit: string };
      return { stream, bytes: new TextEncoder().encode(commit) };
    });
