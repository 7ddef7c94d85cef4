import type { Timing } from '../limits.js';

export interface Pulse {
  /** Bytes heard from the peer so far. */
  heard(): number;
  /** Asks for a sign of life; whatever comes back counts as heard. */
  ping(): void;
  suspect(isSuspect: boolean): void;
  dead(): void;
}

/**
 * Watches one session. Anything heard is life, not just the answer to a PING: on a congested line the answer may queue behind
 * data for longer than a peer may be silent. It also ends a session in which both sides wait for each other to read
 * (shared flow control can end so): nothing is heard there either.
 */
export class Liveness {
  #timer: NodeJS.Timeout | undefined;
  #heardBefore = 0;
  #missed = 0;

  constructor(
    private readonly timing: Timing['ping'],
    private readonly pulse: Pulse,
  ) {
    this.#after(timing.everyMs, () => this.#ask());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #ask(): void {
    this.#heardBefore = this.pulse.heard();
    this.pulse.ping();
    this.#after(this.timing.retryMs, () => this.#check());
  }

  #check(): void {
    if (this.pulse.heard() !== this.#heardBefore) {
      if (this.#missed > 0) this.pulse.suspect(false);
      this.#missed = 0;
      return this.#after(this.timing.everyMs - this.timing.retryMs, () => this.#ask());
    }
    this.#missed++;
    if (this.#missed === this.timing.misses) return this.pulse.dead();
    if (this.#missed === 1) this.pulse.suspect(true);
    this.#ask();
  }

  #after(ms: number, then: () => void): void {
    this.#timer = setTimeout(then, ms);
    this.#timer.unref();
  }
}
