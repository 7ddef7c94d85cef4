import type { Timing } from '../limits.js';

/** What one end notices of the other without asking. */
export interface Signs {
  /** Bytes heard so far. */
  readonly heard: number;
  /** Bytes that the kernel has taken so far, and bytes that wait for it: a full one takes only what the other end's has taken. */
  readonly taken: number;
  readonly waiting: number;
}

/** `ask`: a PING is due. `suspect`: use other links first. `dead`: end it. */
export type Verdict = 'fine' | 'ask' | 'suspect' | 'dead';

const MOST_TICKS = 2;

/**
 * Whether the other end of a line is alive, judged once a tick. Life is what is heard, whatever it is, and what is taken while
 * something waited: on a slow link the answer to a PING may queue behind data for longer than a peer may be silent. A line on
 * which nothing is taken has stalled, whatever is heard. A tick that comes late counts for as long as it took, since a busy machine
 * is no reason to keep a dead line, but never for more than two: a process that was held up itself has lost nobody, and looks
 * once more before it gives a line up, since what came meanwhile may not have been read yet.
 */
export class Liveness {
  #before: Signs = { heard: -1, taken: 0, waiting: 0 };
  #silent = 0;
  #stalled = 0;
  #isLookedAtAgain = false;

  constructor(private readonly after: Timing['liveness']) {}

  /** `elapsedMs`: since the tick before. */
  tick(signs: Signs, elapsedMs: number): Verdict {
    const ticks = Math.min(Math.max(elapsedMs / this.after.tickMs, 1), MOST_TICKS);
    const { heard, taken, waiting } = this.#before;
    this.#before = signs;
    const isTaken = waiting > 0 && signs.taken > taken;
    this.#stalled = waiting > 0 && !isTaken ? this.#stalled + ticks : 0;
    this.#silent = signs.heard !== heard || isTaken ? 0 : this.#silent + ticks;
    const { askAfter, suspectAfter, deadAfter } = this.after;
    const isOver = Math.max(this.#silent, this.#stalled) >= deadAfter;
    if (isOver && (ticks < MOST_TICKS || this.#isLookedAtAgain)) return 'dead';
    this.#isLookedAtAgain = isOver;
    if (isOver) return 'suspect';
    if (this.#silent >= suspectAfter) return 'suspect';
    return this.#silent >= askAfter ? 'ask' : 'fine';
  }
}
