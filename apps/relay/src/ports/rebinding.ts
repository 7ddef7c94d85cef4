import type { Backoff } from '../links/backoff.js';
import { backoffMs } from '../links/backoff.js';

/**
 * When a port that is taken is asked for again. Soon at first, since what had it may be a process that is ending, one of ours
 * perhaps; then ever more seldom: a program that is restarted on a port of its own must find it free.
 */
export class Rebinding {
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly policy: Backoff,
    private readonly again: () => void,
  ) {}

  failed(): void {
    clearTimeout(this.#timer);
    // In full: here nobody must be kept apart from others.
    this.#timer = setTimeout(this.again, backoffMs(this.#failures++, this.policy, 1));
  }

  bound(): void {
    this.stop();
    this.#failures = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
