import type { Readable } from 'node:stream';

const NEWLINE = 0x0a;

/** Lines of a stream from a peer, as they come. One that is longer than `most` bytes ends the reading: it must not gather in memory. */
export function readLines(
  stream: Readable,
  most: number,
  { line, tooLong }: { readonly line: (text: string) => void; readonly tooLong: () => void },
): void {
  let held: Buffer[] = [];
  let length = 0;
  const read = (chunk: Buffer): void => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const text = Buffer.concat([...held, chunk.subarray(start, end)]).toString('utf8');
      held = [];
      length = 0;
      start = end + 1;
      line(text);
    }
    held.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length <= most) return;
    stream.off('data', read);
    held = [];
    tooLong();
  };
  stream.on('data', read);
}
