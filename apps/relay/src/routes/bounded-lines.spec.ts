import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readLines } from './bounded-lines.js';

function reading(most: number) {
  const stream = new PassThrough();
  const seen = { lines: [] as string[], tooLong: 0 };
  readLines(stream, most, { line: (text) => void seen.lines.push(text), tooLong: () => seen.tooLong++ });
  return { stream, seen };
}

describe('lines of a stream', () => {
  it('are whole, however they are cut', async () => {
    const { stream, seen } = reading(100);
    const bytes = Buffer.from('one\ntwö\n\nthree\nfo');
    for (const byte of bytes) stream.write(Buffer.of(byte));
    await new Promise(setImmediate);
    expect(seen).toEqual({ lines: ['one', 'twö', '', 'three'], tooLong: 0 });
  });

  it('may be many in one piece, and together longer than one may be', async () => {
    const { stream, seen } = reading(4);
    stream.write('abc\nabc\nabc\nab');
    await new Promise(setImmediate);
    expect(seen).toEqual({ lines: ['abc', 'abc', 'abc'], tooLong: 0 });
  });

  it('end the reading when one is too long', async () => {
    const { stream, seen } = reading(4);
    stream.write('ab');
    stream.write('cde');
    stream.write('\nabc\n');
    await new Promise(setImmediate);
    expect(seen).toEqual({ lines: [], tooLong: 1 });
  });
});
