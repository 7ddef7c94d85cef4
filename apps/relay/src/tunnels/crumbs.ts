import type { Readable } from 'node:stream';

/** What a piece may keep of the process's memory, by what it is long itself. */
const WORTH = 4;

/**
 * From now on a small piece that a stream hears is copied out of what was read with it. Otherwise it keeps the whole TLS record,
 * 16 KiB, for as long as it waits: whoever sends single bytes, each with something beside it that nobody needs, makes a
 * slow reader cost 16,000 times what it is sent. To be called before anything is heard.
 */
export function copyCrumbs(stream: Readable): void {
  const push = stream.push.bind(stream);
  stream.push = (piece: unknown, encoding?: BufferEncoding): boolean =>
    push(isCrumb(piece) ? Buffer.from(piece) : piece, encoding);
}

const isCrumb = (piece: unknown): piece is Buffer =>
  Buffer.isBuffer(piece) && piece.length * WORTH < piece.buffer.byteLength;
