import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** Lines of a stream from a peer, as they come. One that is longer than `most` bytes ends the reading: it must not gather in memory. */
export function readLines(
  stream: Readable,
  most: number,
  { line, tooLong }: { readonly line: (text: string) => void; readonly tooLong: () => void },
): void {
  const begun = new Begun();
  const read = (chunk: Buffer): void => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      line(begun.finish(chunk.subarray(start, end)));
      start = end + 1;
    }
    begun.add(chunk.subarray(start));
    if (begun.length <= most) return;
    stream.off('data', read);
    begun.finish(NOTHING);
    tooLong();
  };
  stream.on('data', read);
}

/** A line whose end has not come. Copied: a piece of one byte keeps all that was read with it. */
class Begun {
  length = 0;
  #held = NOTHING;

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    if (this.length + piece.length > this.#held.length) {
      const larger = Buffer.allocUnsafe(2 * (this.length + piece.length));
      this.#held.copy(larger, 0, 0, this.length);
      this.#held = larger;
    }
    this.length += piece.copy(this.#held, this.length);
  }

  finish(last: Buffer): string {
    this.add(last);
    const text = this.#held.toString('utf8', 0, this.length);
    this.length = 0;
    this.#held = NOTHING;
    return text;
  }
}
