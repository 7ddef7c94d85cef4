import type { Duplex } from 'node:stream';
import type { Budget, Carried } from './budget.js';
import type { End } from './end.js';

/**
 * What one direction may have given to its sink and not be rid of: more makes fewer turns, less makes a slow reader cheaper. It
 * gets more once it has shown that it moves, while there is memory.
 */
const LITTLE = 16 * 1024;
const MUCH = 64 * 1024;
const MOVED = 256 * 1024;
/** The same in pieces, which cost some hundred bytes each, however small they are. */
const PIECES = 256;
const PIECE_BYTES = 256;
/** More pieces than this wait for a slow reader only where somebody sends single bytes for the sake of it. */
const MOST_PIECES = 16_384;

/**
 * Joins two ends into one connection with TCP's meaning: each direction ends on its own (half-close), in order after its data;
 * a reset of either end resets the other. Back-pressure is that of the slower end.
 */
export function splice(a: End, b: End, budget: Pick<Budget, 'memory' | 'watch'>): Carried {
  let isBroken = false;
  const fail = (): void => {
    if (isBroken) return;
    isBroken = true;
    a.reset();
    b.reset();
  };
  const there = new Direction(a, b, budget, fail);
  const back = new Direction(b, a, budget, fail);
  for (const end of [a, b]) {
    // They stay for good: an error event that nobody hears ends the process.
    end.stream.on('error', fail);
    end.stream.on('aborted', fail);
    end.stream.once('close', () => {
      if (!end.closedCleanly()) fail();
    });
    if (end.stream.destroyed) fail();
  }
  return {
    weigh: () => there.weigh() + back.weigh(),
    passed: () => there.passed + back.passed,
    look: () => [there, back].forEach((direction) => direction.look()),
    reset: fail,
  };
}

class Direction {
  passed = 0;
  #pieces = 0;
  readonly #source: Duplex;
  readonly #sink: Duplex;

  constructor(
    private readonly from: End,
    to: End,
    private readonly budget: Pick<Budget, 'memory' | 'watch'>,
    private readonly fail: () => void,
  ) {
    this.#source = from.stream;
    this.#sink = to.stream;
    this.#source.on('data', (chunk: Buffer) => this.#give(chunk));
    this.#source.once('end', () => (from.wasReset() ? fail() : this.#sink.end()));
  }

  weigh(): number {
    const waiting = piecesIn(this.#source);
    if (waiting > MOST_PIECES) this.fail();
    return this.#source.readableLength + this.#sink.writableLength + waiting * PIECE_BYTES;
  }

  look(): void {
    if (this.#source.isPaused() && this.from.isCutOff?.()) this.fail();
  }

  #give(chunk: Buffer): void {
    const waiting = this.#sink.writableLength;
    this.passed += chunk.length;
    this.#pieces = waiting === 0 ? 1 : this.#pieces + 1;
    const most = this.passed > MOVED && this.budget.memory === 'calm' ? MUCH : LITTLE;
    if (waiting + chunk.length < most && this.#pieces < PIECES) return void this.#sink.write(chunk);
    this.#source.pause();
    this.budget.watch();
    this.#sink.write(chunk, (error) => {
      if (!error) this.#source.resume();
    });
  }
}

/** Node says how many bytes a stream has read ahead, and not in how many pieces. */
const piecesIn = (stream: Duplex): number =>
  (stream as { readonly _readableState?: { readonly buffer?: { readonly length?: number } } })._readableState?.buffer
    ?.length ?? 0;
