import { DEFAULT_BACK_OFF, delayAfter } from './back-off.js';
import type { BackOff } from './back-off.js';
import { Waiting } from './waiting.js';

export interface RepeatingOptions {
  /** Does it once. Resolves with how long to wait until the next time; undefined: until woken. */
  readonly work: () => Promise<number | undefined>;
  /** Told of each failure; the next try comes after a growing wait. */
  readonly failed: (error: unknown) => void;
  readonly backOff?: BackOff;
}

/** Does one thing over and over, never twice at a time: when woken, and after the pause that it asked for. */
export class Repeating {
  private readonly waiting = new Waiting();
  private running: Promise<void> | undefined;
  private soon: NodeJS.Timeout | undefined;

  constructor(private readonly options: RepeatingOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Now, or once more right after the time that is under way: what it saw may be old already. */
  wake(): void {
    this.waiting.wake();
  }

  /** Many calls within this time are one. */
  wakeSoon(ms: number): void {
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.wake();
    }, ms);
  }

  async stop(): Promise<void> {
    clearTimeout(this.soon);
    this.waiting.end();
    await this.running;
  }

  private async run(): Promise<void> {
    const { work, failed, backOff = DEFAULT_BACK_OFF } = this.options;
    for (let failures = 0; !this.waiting.ended;) {
      let pauseMs: number | undefined;
      try {
        pauseMs = await work();
        failures = 0;
      } catch (error) {
        failed(error);
        pauseMs = delayAfter(++failures, backOff, Math.random());
      }
      await this.waiting.pause(pauseMs);
    }
  }
}
