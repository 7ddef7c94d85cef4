import type { Wire } from './wire.js';

const LOOK_MS = 10;
/** A line is looked at closely for so long after a write was last seen waiting. */
const CLOSELY_MS = 5_000;
/** An end that keeps to its window has no more to tell while a write to it waits; what does is left to the watch over life. */
const MOST_HEARD = 1024 * 1024;

/**
 * Ends stalls of two-way bulk. Node reads nothing for a session while a write of it is pending (node_http2.cc,
 * MaybeStopReading). When both ends have more to send than the kernels between them hold, each waits for the other to read, for
 * ever. Reading what has arrived lets the other end's write finish, and that one's reading ours. On a line that is merely slow
 * it changes nothing.
 */
export class StallRelief {
  #looking: NodeJS.Timeout | undefined;
  #until = 0;
  #before = { pending: 0, taken: 0 };
  #heardBefore = 0;

  constructor(private readonly wire: Pick<Wire, 'signs' | 'pending' | 'readOnce'>) {}

  /** Called once a second or so: looks closely from now on if a write waits. */
  glance(): void {
    if (this.wire.pending === 0) return;
    this.#until = performance.now() + CLOSELY_MS;
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#looking);
    this.#looking = undefined;
  }

  #look(): void {
    const { pending } = this.wire;
    const { heard, taken } = this.wire.signs();
    const hasMoved = pending !== this.#before.pending || taken !== this.#before.taken;
    this.#before = { pending, taken };
    if (pending > 0) this.#until = performance.now() + CLOSELY_MS;
    else if (performance.now() > this.#until) this.stop();
    if (pending === 0 || hasMoved) this.#heardBefore = heard;
    else if (heard - this.#heardBefore <= MOST_HEARD) this.wire.readOnce();
  }
}
