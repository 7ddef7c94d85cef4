import { setTimeout as sleep } from 'node:timers/promises';
import type { Divergence, WitnessLedger } from '@caravan/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Log } from '../logging/index.js';
import { verifyLog } from './log-verification.js';

export interface VerificationsOptions {
  readonly nc: NatsConnection;
  readonly ledger: WitnessLedger;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly diverged: (divergence: Divergence) => void;
  /** The whole log is what was witnessed. */
  readonly passed: () => void;
}

/** After one the next waits nine times as long as it took: a server that restarts again and again costs a tenth of the time. */
const REST = 9;
const RETRY_MS = 2_000;
const TOLD_EVERY_MS = 10_000;

/** Readings of the whole log, one at a time. */
export class Verifications {
  /** The last position that the last of them, or the one that is under way, has found to be right. */
  position = 0;
  /** Why none succeeds, in words. */
  trouble: string | undefined;
  ended: Promise<void> = Promise.resolve();
  #wanted: (() => void)[] = [];
  #running = false;
  #target = 0;

  constructor(private readonly options: VerificationsOptions) {}

  /** In words. */
  get progress(): string {
    return `at ${this.position} of ${this.#target}`;
  }

  /** Has the log read as it is from now on; if one is under way, once more after it. Resolves when that was done. */
  request(): Promise<void> {
    const done = new Promise<void>((resolve) => this.#wanted.push(resolve));
    this.#begin();
    return done;
  }

  #begin(): void {
    if (this.#running) return;
    this.#running = true;
    this.ended = this.#run().finally(() => {
      this.#running = false;
      if (this.#wanted.length > 0 && !this.options.signal.aborted) this.#begin();
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.options;
    const rest = (ms: number) => sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
    while (this.#wanted.length > 0 && !signal.aborted) {
      const asked = this.#wanted;
      this.#wanted = [];
      const start = performance.now();
      try {
        await this.#once(signal);
        this.trouble = undefined;
        for (const done of asked) done();
        if (this.#wanted.length > 0) await rest(REST * (performance.now() - start));
      } catch (error) {
        if (signal.aborted) return;
        this.trouble = `the log cannot be verified: ${(error as Error).message}`;
        this.#wanted.unshift(...asked);
        await rest(RETRY_MS);
      }
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    const { nc, ledger, log, diverged, passed } = this.options;
    const last = await ledger.last();
    this.#target = last?.sequence ?? 0;
    if (!last) return passed(); // there is nothing yet to hold it against
    const start = performance.now();
    let toldAt = start;
    const progress = (position: number) => {
      this.position = position;
      if (performance.now() - toldAt < TOLD_EVERY_MS) return;
      toldAt = performance.now();
      log.info({ position, of: this.#target }, 'the log is being verified');
    };
    const checkpoints = await ledger.between(0, this.#target);
    const divergence = await verifyLog(nc, checkpoints, { signal, progress });
    if (divergence) return diverged(divergence);
    const ms = Math.round(performance.now() - start);
    const entriesPerSecond = Math.round((this.position * 1_000) / Math.max(1, ms));
    log.info({ entries: this.position, checkpoints: checkpoints.length, ms, entriesPerSecond }, 'the log is verified');
    passed();
  }
}
