import { chainAfter, chainOfText, chainText, commitHash, EMPTY_LOG, MILESTONE } from '@caravan/event-store';
import type { Divergence, LogCheckpoint, LogEntry, WitnessLedger } from '@caravan/event-store';
import { Fold } from '@caravan/event-store/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock } from '../clock/index.js';
import { divergenceIn } from './log-verification.js';

export interface LogFollowerOptions {
  readonly nc: NatsConnection;
  readonly ledger: WitnessLedger;
  readonly clock: Clock;
  /** Where it goes on. */
  readonly from: LogCheckpoint | undefined;
  /** Between two writes to the ledger. The first after a pause is written at once. */
  readonly everyMs: number;
  readonly diverged: (divergence: Divergence) => void;
  /** What keeps it from its work now, in words; undefined: nothing any more. */
  readonly trouble: (says: string | undefined) => void;
}

/** The chain as far as the log was followed. */
interface Followed {
  chain: Uint8Array;
  last: LogEntry | undefined;
}

/** Follows the log from a checkpoint on, and writes down how far it came and what it saw there. */
export class LogFollower {
  readonly #fold: Fold<Followed, LogEntry>;
  readonly #state: Followed;
  #milestones: LogCheckpoint[] = [];
  #kept: number;
  #timer: NodeJS.Timeout | undefined;
  #wroteAt = -Infinity;
  #writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: LogFollowerOptions) {
    const { nc, from, diverged, trouble } = options;
    this.#kept = from?.sequence ?? 0;
    this.#state = { chain: from ? chainOfText(from.chain) : EMPTY_LOG, last: undefined };
    this.#fold = new Fold<Followed, LogEntry>({
      nc,
      name: 'witness of the log',
      ...(from && { after: { position: from.sequence, commitHash: from.commitHash } }),
      initial: this.#state,
      decode: (entry) => [entry],
      evolve: (state, entry) => this.#take(state, entry),
      changed: () => this.#soon(),
      catchingUp: () => this.#soon(),
      halted: (error) => {
        const divergence = divergenceIn(error);
        if (divergence) diverged(divergence);
        else trouble(`the log cannot be followed: ${error.halt.reason}`);
      },
    });
    void this.#fold.caughtUp.then(
      () => this.#soon(),
      () => undefined, // `halted` has it
    );
  }

  start(): void {
    this.#fold.start();
  }

  /** Ends it; what was seen is written down. */
  async stop(): Promise<void> {
    await this.#fold.stop();
    clearTimeout(this.#timer);
    await this.write();
  }

  get position(): number {
    return this.#fold.position;
  }

  /** What was seen last, as a place to go on from. */
  seen(): LogCheckpoint | undefined {
    const { last, chain } = this.#state;
    return last ? this.#checkpoint(last, chain) : this.options.from;
  }

  /** Writes down what was seen up to now. Never rejects: what fails is told as trouble, and tried again. */
  write(): Promise<void> {
    return (this.#writing = this.#writing.then(() => this.#writeNow()));
  }

  #take(state: Followed, entry: LogEntry): Followed {
    state.chain = chainAfter(state.chain, entry);
    state.last = entry;
    if (entry.position % MILESTONE === 0) this.#milestones.push(this.#checkpoint(entry, state.chain));
    return state;
  }

  #checkpoint(entry: LogEntry, chain: Uint8Array): LogCheckpoint {
    const { position: sequence, bytes } = entry;
    return { sequence, chain: chainText(chain), commitHash: commitHash(bytes), at: this.options.clock.now() };
  }

  #soon(): void {
    if (this.#timer) return;
    const delay = Math.max(0, this.#wroteAt + this.options.everyMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.write();
    }, delay).unref();
  }

  async #writeNow(): Promise<void> {
    const { last, chain } = this.#state;
    if (!last || last.position === this.#kept) return;
    const { ledger, trouble, diverged } = this.options;
    const milestones = this.#milestones;
    this.#milestones = [];
    const tip = milestones.at(-1)?.sequence === last.position ? [] : [this.#checkpoint(last, chain)];
    const mine = [...milestones, ...tip];
    this.#wroteAt = performance.now();
    try {
      const stored = await ledger.add(mine);
      const other = stored.find(({ sequence, chain: seen }) =>
        mine.some((my) => my.sequence === sequence && my.chain !== seen),
      );
      // Another replica has seen another log: one of the two is wrong.
      if (other) return diverged({ kind: 'altered', sequence: other.sequence, after: this.#kept });
      this.#kept = last.position;
      trouble(undefined);
    } catch (error) {
      this.#milestones.unshift(...milestones);
      trouble(`what is in the log behind position ${this.#kept} cannot be written down: ${(error as Error).message}`);
      this.#soon();
    }
  }
}
