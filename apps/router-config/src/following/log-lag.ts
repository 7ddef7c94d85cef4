/** How far the log goes, asked of the server. */
export type LogEnd = () => Promise<number>;

const LOOK_EVERY_MS = 2_000;

/**
 * Whether what follows the log keeps up with it, looked at from time to time: a consumer that hears nothing cannot know by
 * itself whether nothing happened.
 */
export class LogLag {
  #trouble: string | undefined;
  #before: { readonly end: number; readonly position: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly logEnd: LogEnd,
    private readonly position: () => number,
  ) {}

  start(): void {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /** In words, or nothing. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  async look(): Promise<void> {
    try {
      const end = await this.logEnd();
      const position = this.position();
      // Being behind for a moment is no trouble: not getting from the spot is.
      const stuck = position < end && this.#before?.position === position && position < this.#before.end;
      this.#before = { end, position };
      this.#trouble = stuck
        ? `stays at position ${position} of a log that goes to ${end}: sites are told what was true before`
        : undefined;
    } catch (error) {
      this.#trouble = `cannot see how far the log goes (${(error as Error).message}): sites may be told what was true before`;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
