/** No pause between two is longer: a thousand are made within half a minute. */
const MOST_MS = 20;

/**
 * Does what will be needed soon, one thing at a time and with pauses, so that nobody waits for it while it is done or when it is needed. What was due
 * and is not yet done is left where something else becomes due.
 */
export class Preparing {
  #due: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = MOST_MS;

  /** `withinMs`: until when all of it is to be done. */
  constructor(private readonly withinMs: number) {}

  begin(due: readonly (() => void)[]): void {
    this.#due = [...due];
    // Half of the time is for what the doing itself takes.
    this.#pauseMs = Math.min(MOST_MS, this.withinMs / 2 / Math.max(1, due.length));
    if (this.#due.length > 0) this.#timer ??= this.#later();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = [];
  }

  #later(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = undefined;
      this.#due.shift()?.();
      if (this.#due.length > 0) this.#timer = this.#later();
    }, this.#pauseMs).unref();
  }
}
