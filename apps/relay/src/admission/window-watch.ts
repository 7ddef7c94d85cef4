/**
 * Looks again when the next window opens or shuts. One timer for all of them, and never a long one: setTimeout overflows beyond
 * 24.8 days, a clock may be set, and a machine may sleep.
 */
export class WindowWatch {
  #timer: NodeJS.Timeout | undefined;

  /** `look` does what is due now and answers when the next boundary is; undefined: nothing has a window. */
  constructor(
    private readonly now: () => number,
    private readonly look: () => number | undefined,
    private readonly atLeastEveryMs: number,
  ) {}

  again(): void {
    clearTimeout(this.#timer);
    const next = this.look();
    if (next === undefined) return;
    // Timers do not run by the wall clock and may be early by a fraction of a millisecond.
    const waitMs = Math.min(Math.max(next - this.now(), 1), this.atLeastEveryMs);
    this.#timer = setTimeout(() => this.again(), waitMs).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
