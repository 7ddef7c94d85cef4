/**
 * Looks again and again once the directory has begun, one look at a time and `everyMs` after the one before. A look must not throw: what
 * fails is done at the next one.
 */
export class Looking {
  #timer: NodeJS.Timeout | undefined;
  #now: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(
    private readonly look: () => Promise<void>,
    private readonly everyMs: number,
  ) {}

  /** Nobody waits for the rest of a look. */
  get isOver(): boolean {
    return this.#isOver;
  }

  start(begun: Promise<unknown>): void {
    void begun.then(() => this.#again(0));
  }

  /** Resolves when the look under way is over. */
  async stop(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#now;
  }

  #again(inMs: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#now = this.look().finally(() => this.#again(this.everyMs));
    }, inMs).unref();
  }
}
