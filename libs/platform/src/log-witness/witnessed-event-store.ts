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

/** A log that takes nothing while its witness objects. Reads go on; those that fail because of it say so. */
export class WitnessedEventStore implements EventStore, StreamWaiter {
  constructor(
    private readonly store: EventStore & StreamWaiter,
    private readonly witness: Pick<LogWitness, 'gate' | 'look' | 'position' | 'raise'>,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  async read(stream: StreamName, options?: ReadOptions): Promise<StreamRead> {
    try {
      return await this.store.read(stream, options);
    } catch (error) {
      // A stream that ends before what this process has read: the witness is told, and has the better words.
      if (error instanceof LogError && error.code === 'log.went-back') await this.witness.look();
      this.witness.gate.assertSame();
      throw error;
    }
  }

  /** @throws LogError `log.diverged`, and what the store throws. */
  async append(stream: StreamName, events: readonly Event[], options: AppendOptions): Promise<AppendOutcome> {
    if (!(await this.witness.gate.admits(this.patienceMs))) {
      return { outcome: 'undecided', reason: 'its server was away, and the log is not looked at yet' };
    }
    const seen = this.witness.position;
    const outcome = await this.store.append(stream, events, options);
    if (outcome.outcome === 'appended' && !outcome.duplicate && outcome.position <= seen) {
      // Something was there already when it was sent.
      this.witness.raise({ kind: 'went-back', sequence: seen, end: outcome.position - 1 });
    }
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
