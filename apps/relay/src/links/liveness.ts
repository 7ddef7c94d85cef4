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

/**
 * Whether the other end of a line is alive, judged once a tick. Life is what is heard, whatever it is, and what is taken while
 * something waited: on a slow link the answer to a PING may queue behind data for longer than a peer may be silent. A line on
 * which nothing is taken has stalled, whatever is heard. Ticks are counted, not time: a process that was held up itself, by
 * its machine or its operator, has lost nobody.
 */
export class Liveness {
  #before: Signs = { heard: -1, taken: 0, waiting: 0 };
  #silent = 0;
  #stalled = 0;

  constructor(private readonly after: Timing['liveness']) {}

  tick(signs: Signs): Verdict {
    const { heard, taken, waiting } = this.#before;
    this.#before = signs;
    const isTaken = waiting > 0 && signs.taken > taken;
    this.#stalled = waiting > 0 && !isTaken ? this.#stalled + 1 : 0;
    this.#silent = signs.heard !== heard || isTaken ? 0 : this.#silent + 1;
    const { askAfter, suspectAfter, deadAfter } = this.after;
    if (Math.max(this.#silent, this.#stalled) >= deadAfter) return 'dead';
    if (this.#silent >= suspectAfter) return 'suspect';
    return this.#silent >= askAfter ? 'ask' : 'fine';
  }
}
