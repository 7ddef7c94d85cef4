import { Duplex } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { copyCrumbs } from './crumbs.js';

const RECORD = 16 * 1024;

/** What waits in a stream, and what all of it keeps. */
function waiting(pieces: readonly Buffer[], copies: boolean) {
  const stream = new Duplex({ read: () => undefined, write: () => undefined });
  if (copies) copyCrumbs(stream);
  for (const piece of pieces) stream.push(piece);
  stream.push(null);
  const kept = new Set<ArrayBufferLike>();
  const text: string[] = [];
  for (const { length } of pieces) {
    const piece = stream.read(length) as Buffer;
    kept.add(piece.buffer);
    text.push(piece.toString());
  }
  return { text: text.join(''), kept: [...kept].reduce((sum, { byteLength }) => sum + byteLength, 0) };
}

/** A few bytes of a record each. */
const crumbs = Array.from({ length: 500 }, (_, index) => {
  const record = Buffer.from(new ArrayBuffer(RECORD));
  return record.subarray(9, 9 + record.write(`${index},`, 9));
});

describe('crumbs', () => {
  it('keep about what they are long, and come as they were', () => {
    const { text, kept } = waiting(crumbs, true);
    expect(text).toBe(crumbs.join(''));
    expect(kept).toBeLessThan(4 * RECORD);
  });

  it('would keep every record whole', () => {
    expect(waiting(crumbs, false).kept).toBe(500 * RECORD);
  });

  it('are not what fills its record', () => {
    const whole = Buffer.from(new ArrayBuffer(RECORD)).subarray(9);
    const stream = new Duplex({ read: () => undefined, write: () => undefined });
    copyCrumbs(stream);
    stream.push(whole);
    expect((stream.read() as Buffer).buffer).toBe(whole.buffer);
  });
});
