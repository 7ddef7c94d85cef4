import type { Http2Session } from 'node:http2';
import type { Sizes } from '../limits.js';

/** A line that hears so much within a tick carries bulk. */
const BUSY_BYTES = 256 * 1024;
/** It has carried none for so many ticks: its streams get their small windows back. */
const IDLE_TICKS = 30;
/** RFC 9113, 6.5.3: settings are to be confirmed as soon as possible. */
const CONFIRMED_TICKS = 10;

/**
 * The window of each stream of a line: what one that nobody reads may make this relay hold. Small where there is no bulk and
 * when memory is short; the same for all streams of a line, since Node sets no window of one alone.
 */
export class StreamWindow {
  #asked: number;
  #unconfirmed: number | undefined;
  #heard = 0;
  #idle = IDLE_TICKS;

  constructor(
    private readonly session: Pick<Http2Session, 'settings' | 'destroyed'>,
    private readonly sizes: Sizes,
    /** Whether there is room for so many bytes more of each stream; 0: for what each may have already. */
    private readonly hasRoom: (each: number) => boolean,
  ) {
    this.#asked = sizes.smallWindow;
  }

  /** Bytes that each stream may have under way. */
  get bytes(): number {
    return this.#asked;
  }

  /** Once a tick. False: the other end has not confirmed a change in time, so it cannot be held to it. */
  tick(heard: number): boolean {
    this.#idle = heard - this.#heard >= BUSY_BYTES ? 0 : this.#idle + 1;
    this.#heard = heard;
    if (this.#unconfirmed !== undefined && ++this.#unconfirmed > CONFIRMED_TICKS) return false;
    this.follow();
    return true;
  }

  /** Asks for what is right now, unless an answer is still due; the next tick looks again. */
  follow(): void {
    const { smallWindow, largeWindow } = this.sizes;
    const more = largeWindow - this.#asked; // what they have already was asked for
    const right = this.#idle < IDLE_TICKS && this.hasRoom(more) ? largeWindow : smallWindow;
    if (right === this.#asked || this.#unconfirmed !== undefined || this.session.destroyed) return;
    this.#asked = right;
    this.#unconfirmed = 0;
    this.session.settings({ initialWindowSize: right }, () => {
      this.#unconfirmed = undefined;
      this.follow();
    });
  }
}
