import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { eventually } from '@caravan/testing';
import type { Memory } from './budget.js';
import type { End } from './end.js';
import { splice } from './splice.js';

vi.setConfig({ testTimeout: 90_000 }); // a busy machine is no failure

/** One end whose outside the test plays: `hears` is what it sends in, `reads` lets go of what it was given. */
class Outside implements End {
  wasResetBy = 0;
  given = 0;
  readonly #waiting: (() => void)[] = [];
  isReading = true;
  cutOff = false;
  readonly stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _, done) => this.#take(chunk.length, done),
    writev: (chunks, done) =>
      this.#take(
        chunks.reduce((sum, { chunk }) => sum + (chunk as Buffer).length, 0),
        done,
      ),
  });

  reset = (): void => {
    this.wasResetBy++;
    this.stream.destroy();
  };
  wasReset = (): boolean => false;
  isCutOff = (): boolean => this.cutOff;
  closedCleanly = (): boolean => this.stream.readableEnded && this.stream.writableFinished;

  says(text: string | Buffer | null): void {
    this.stream.push(text);
  }

  reads(): void {
    this.isReading = true;
    for (const done of this.#waiting.splice(0)) done();
  }

  #take(bytes: number, done: () => void): void {
    this.given += bytes;
    if (this.isReading) setImmediate(done);
    else this.#waiting.push(done);
  }
}

/** Turns of the loop are what is waited for. */
const until = (what: string, holds: () => boolean): Promise<true> => eventually(what, holds, { everyMs: 1 });
const blocked = ({ budget }: ReturnType<typeof joined>): Promise<true> =>
  until('one waits for the other', () => budget.watched > 0);

function joined(memory: Memory = 'calm') {
  const [a, b] = [new Outside(), new Outside()];
  const budget = { memory, watched: 0, watch: () => void budget.watched++ };
  return { a, b, budget, carried: splice(a, b, budget) };
}

describe('two ends that are joined', () => {
  it('pass on what they hear, both ways, and say how much', async () => {
    const { a, b, carried } = joined();
    a.says('12345');
    b.says('123');
    await until('both have heard all', () => b.given + a.given === 8 && carried.weigh() === 0);
    expect([b.given, a.given, carried.passed()]).toEqual([5, 3, 8]);
  });

  it.each([
    ['little of what nobody has read yet', 'calm', 0, 16],
    ['more where much has been read', 'calm', 100, 64],
    ['little when memory is short, whatever has been read', 'short', 100, 16],
  ] as const)('hold %s, and go on when it is read', async (_, memory, readBefore, most) => {
    const ends = joined(memory);
    const { a, b, carried } = ends;
    const say = (blocks: number): void => {
      for (let i = 0; i < blocks; i++) a.says(Buffer.alloc(4096));
    };
    say(readBefore);
    await until('much is read', () => b.given === readBefore * 4096 && carried.weigh() === 0);
    b.isReading = false;
    ends.budget.watched = 0;
    say(100);
    await blocked(ends);
    expect(b.stream.writableLength).toBe(most * 1024);
    // The rest waits at its source, where the window of the stream bounds it.
    expect(carried.weigh()).toBeGreaterThanOrEqual(100 * 4096);
    b.reads();
    await until('nothing is left', () => carried.weigh() === 0);
    expect(b.given).toBe((readBefore + 100) * 4096);
  });

  it('hold few pieces, however small they are, and count what is left by its pieces too', async () => {
    const ends = joined();
    const { a, b, carried } = ends;
    b.isReading = false;
    for (let i = 0; i < 2_000; i++) a.says('x');
    await blocked(ends);
    expect(b.stream.writableLength).toBeLessThanOrEqual(256);
    expect(carried.weigh()).toBeGreaterThan(1_700 * 256);
    b.reads();
    await until('the rest is read', () => b.given === 2_000);
  });

  it('end when one sends crumbs without end to one that does not read', async () => {
    const ends = joined();
    const { a, b, carried } = ends;
    b.isReading = false;
    for (let i = 0; i < 16_384 + 300; i++) a.says('x');
    await blocked(ends);
    carried.weigh();
    expect([a.wasResetBy, b.wasResetBy]).toEqual([1, 1]);
  });

  it('end one direction at a time', async () => {
    const { a, b } = joined();
    const finished = once(b.stream, 'finish');
    a.says('last');
    a.says(null);
    await finished;
    b.says('still');
    await until('the other direction goes on', () => a.given === 5);
    expect([b.given, a.given, a.wasResetBy, b.wasResetBy]).toEqual([4, 5, 0, 0]);
  });

  it('are both reset when one is, although it is not read', async () => {
    const ends = joined();
    const { a, b, carried } = ends;
    b.isReading = false;
    for (let i = 0; i < 100; i++) a.says(Buffer.alloc(4096));
    await blocked(ends);
    carried.look();
    expect(b.wasResetBy).toBe(0);
    a.cutOff = true;
    carried.look();
    expect([a.wasResetBy, b.wasResetBy]).toEqual([1, 1]);
  });

  it('are both reset when one breaks', async () => {
    const { a, b } = joined();
    a.stream.destroy(new Error('broken'));
    await until('it is reset', () => b.wasResetBy > 0);
    expect([a.wasResetBy, b.wasResetBy]).toEqual([1, 1]);
  });
});
