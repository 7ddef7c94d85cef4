import { describe, expect, it } from 'vitest';
import type { Files } from './lines-to.js';
import { LinesTo } from './lines-to.js';

/** A descriptor that takes what it is told to, when it is told to. */
class Slow implements Files {
  taken = '';
  readonly asked: { data: Buffer; done: Parameters<Files['write']>[2] }[] = [];
  isFull = false;

  write(_: number, data: Buffer, done: Parameters<Files['write']>[2]): void {
    this.asked.push({ data, done });
  }

  writeSync(_: number, data: Buffer): number {
    if (this.isFull) throw failure('ENOSPC');
    this.taken += data.subarray(0, 3).toString();
    return Math.min(3, data.length);
  }

  takes(bytes = Infinity): void {
    const { data, done } = this.asked.shift()!;
    const taken = data.subarray(0, bytes);
    this.taken += taken.toString();
    done(null, taken.length);
  }

  refuses(code: string): void {
    this.asked.shift()!.done(failure(code), 0);
  }
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });

function written(): { files: Slow; lines: LinesTo; leftOut: number[] } {
  const [files, leftOut] = [new Slow(), [] as number[]];
  return { files, leftOut, lines: new LinesTo(1, (lines) => void leftOut.push(lines), files) };
}

describe('lines to a descriptor', () => {
  it('are written in their order, whole, one write at a time', () => {
    const { files, lines, leftOut } = written();
    for (const line of ['one\n', 'two\n', 'three\n']) lines.write(line);
    expect(files.asked).toHaveLength(1);
    files.takes(2);
    files.takes();
    files.takes();
    expect([files.taken, files.asked, leftOut]).toEqual(['one\ntwo\nthree\n', [], []]);
  });

  it('are left out when too many wait, and the next ones that are taken say how many', () => {
    const { files, lines, leftOut } = written();
    const line = `${'x'.repeat(1023)}\n`;
    for (let count = 0; count < 1 + 1024 + 5; count++) lines.write(line);
    expect(leftOut).toEqual([]);
    files.takes();
    expect(leftOut).toEqual([5]);
    files.takes();
    expect([files.taken.length, leftOut]).toEqual([1025 * 1024, [5]]);
  });

  it('that a full disk does not take are told of when it takes some again; meanwhile it is asked once a line', () => {
    const { files, lines, leftOut } = written();
    for (const line of ['one\n', 'two\n', 'three\n']) lines.write(line);
    files.refuses('ENOSPC');
    expect(files.asked).toEqual([]);
    lines.write('four\n');
    files.refuses('ENOSPC');
    lines.write('five\n');
    files.takes();
    expect([files.taken, leftOut]).toEqual(['five\n', [4]]);
  });

  it('begin anew after one of which a piece was taken, and are counted once each', () => {
    const { files, lines, leftOut } = written();
    for (const line of ['one\n', 'two\n']) lines.write(line);
    files.takes(2);
    files.refuses('ENOSPC'); // the rest of "one"
    lines.write('three\n');
    files.refuses('ENOSPC'); // "two" and "three"
    lines.write('four\n');
    files.takes(2);
    files.takes();
    expect([files.taken, leftOut]).toEqual(['on\nfour\n', [3]]);
    lines.write('five\n');
    files.takes(3);
    files.refuses('ENOSPC');
    lines.write('six\n');
    lines.finish();
    files.takes();
    expect(files.taken).toBe('on\nfour\nfiv\nsix\n');
  });

  it('that tell how many were left out have room themselves', () => {
    const files = new Slow();
    const lines = new LinesTo(1, (count) => lines.write(`${count} left out\n`), files);
    const line = `${'x'.repeat(1023)}\n`;
    for (let count = 0; count < 1 + 1024 + 5; count++) lines.write(line);
    files.takes();
    files.takes();
    files.takes();
    expect([files.taken.slice(-13), files.taken.length]).toEqual(['x\n5 left out\n', 1025 * 1024 + 11]);
  });

  it('are tried again when there is no room just now', async () => {
    const { files, lines, leftOut } = written();
    lines.write('one\n');
    files.refuses('EAGAIN');
    lines.write('two\n');
    await new Promise((resolve) => setTimeout(resolve, 150));
    files.takes();
    files.takes();
    expect([files.taken, leftOut]).toEqual(['one\ntwo\n', []]);
  });

  it('are none once nobody reads', () => {
    const { files, lines } = written();
    lines.write('one\n');
    files.refuses('EPIPE');
    lines.write('two\n');
    lines.finish();
    expect([files.asked, files.taken]).toEqual([[], '']);
  });

  it('are finished at once when the process ends, but for what is under way', () => {
    const { files, lines } = written();
    for (const line of ['one\n', 'two\n', 'three\n']) lines.write(line);
    lines.finish();
    expect(files.taken).toBe('two\nthree\n');
    files.takes();
    expect(files.taken).toBe('two\nthree\none\n');
  });

  it('end no process that ends while the disk is full', () => {
    const { files, lines } = written();
    for (const line of ['one\n', 'two\n']) lines.write(line);
    files.isFull = true;
    expect(() => lines.finish()).not.toThrow();
  });
});
