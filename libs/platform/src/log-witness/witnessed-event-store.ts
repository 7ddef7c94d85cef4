import { setTimeout as sleep } from 'node:timers/promises';
import { LogError } from '@caravan/event-store';
import type {
  AppendOptions,
  AppendOutcome,
  EventStore,
  ReadOptions,
  RecordedEvent,
  StreamRead,
  StreamWaiter,
} from '@caravan/event-store';
import type { Event, StreamName } from '@caravan/events';
import type { LogWitness } from './log-witness.js';
import { PATIENCE_MS } from './write-gate.js';

/** How often in a row a stream must be short before that counts: a cluster that has just changed its leader may be behind. */
const LOOKS = 3;

/**
 * A log that takes nothing while its witness objects. Reads go on; those that fail because of it say so. What this process itself
 * was told is in the log is held against it too: the witness may not have come so far when the log loses it.
 */
export class WitnessedEventStore implements EventStore, StreamWaiter {
  /** The last position that was acknowledged to this process. */
  #acknowledged = 0;

  constructor(
    private readonly store: EventStore & StreamWaiter,
    private readonly witness: Pick<LogWitness, 'gate' | 'look' | 'position' | 'raise'>,
    private readonly patienceMs = PATIENCE_MS,
    private readonly betweenLooksMs = 250,
  ) {}

  async read(stream: StreamName, options?: ReadOptions): Promise<StreamRead> {
    for (let looks = 1; ; looks++) {
      try {
        return await this.store.read(stream, options);
      } catch (error) {
        // A stream that ends before what this process has read: the witness is told, and has the better words.
        const wentBack = error instanceof LogError && error.code === 'log.went-back';
        // Said once, it would be forgotten with the state that was remembered, and the next command decided on what is left.
        if (wentBack) await this.witness.look(looks === LOOKS ? { stream, sequence: options?.after ?? 0 } : undefined);
        this.witness.gate.assertSame();
        if (!wentBack || looks === LOOKS) throw error;
        await sleep(this.betweenLooksMs);
      }
    }
  }

  /** @throws LogError `log.diverged`, and what the store throws. */
  async append(stream: StreamName, events: readonly Event[], options: AppendOptions): Promise<AppendOutcome> {
    if (!(await this.witness.gate.admits(this.patienceMs))) {
      return { outcome: 'undecided', reason: 'its server was away, and the log is not looked at yet' };
    }
    const seen = Math.max(this.witness.position, this.#acknowledged);
    const outcome = await this.store.append(stream, events, options);
    if (outcome.outcome === 'appended' && !outcome.duplicate && outcome.position <= seen) {
      // Something was there already when it was sent.
      this.witness.raise({ kind: 'went-back', sequence: seen, end: outcome.position - 1 });
    }
    if (outcome.outcome === 'appended') this.#acknowledged = Math.max(this.#acknowledged, outcome.position);
    // Stored, but in a log that is not the right one: not to be called done.
    this.witness.gate.assertSame();
    return outcome;
  }

  pause(attempt: number): Promise<void> {
    return this.store.pause(attempt);
  }

  waitForStream<T>(
    stream: StreamName,
    until: (events: readonly RecordedEvent[]) => T | undefined,
    options: { readonly signal: AbortSignal; readonly after?: number },
  ): Promise<T | undefined> {
    return this.store.waitForStream(stream, until, options);
  }
}
