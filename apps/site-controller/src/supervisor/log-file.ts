import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const PIECE_BYTES = 256 * 1024;

/** What a process writes, and before it what it wrote: `<path>.1`. A site that runs for years must not fill its disk. */
export class LogFile {
  /** `mostBytes`: beyond that the log is begun anew, the next time somebody looks; as much of it is kept. */
  constructor(
    readonly path: string,
    private readonly mostBytes = 8 * 1024 * 1024,
  ) {}

  /** A descriptor for whoever writes; its directory may have been tidied away. To append, also after the file was begun anew: each write goes to where its end is then. */
  open(): number {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    return openSync(this.path, 'a', 0o600);
  }

  /**
   * Begins the log anew when it has become too long, also under a process that writes to it: that one holds the file itself, and knows
   * no other. So it is copied and cut off, not renamed. A line that is written between the last look and the cut is lost: some
   * microseconds, since nothing else is done in between. @throws Error when there is no room; then nothing is cut off.
   */
  keepShort(): void {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= this.mostBytes) return;
    const log = openSync(this.path, 'r+');
    try {
      // What is kept has no room for more than that, however fast it was written.
      copyFrom(log, size - this.mostBytes, `${this.path}.1`);
      ftruncateSync(log);
    } finally {
      closeSync(log);
    }
  }
}

/** To the end, as far as it is when the copy has come there. */
function copyFrom(log: number, start: number, to: string): void {
  const copy = openSync(to, 'w', 0o600);
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let at = start, read = 0; (read = readSync(log, piece, 0, piece.length, at)) > 0; at += read) {
      for (let done = 0; done < read;) done += writeSync(copy, piece, done, read - done);
    }
  } finally {
    closeSync(copy);
  }
}
