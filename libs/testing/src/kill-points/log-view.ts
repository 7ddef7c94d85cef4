import { Fold, LOG_STREAM } from '@caravan/event-store/jetstream';
import type { RecordedEvent } from '@caravan/event-store';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

/** The whole log as it grows, in memory. */
export class LogView {
  readonly events: RecordedEvent[] = [];
  private readonly fold: Fold<RecordedEvent[]>;

  constructor(private readonly nats: NatsConnection) {
    this.fold = new Fold<RecordedEvent[]>({
      nc: nats,
      name: 'judge',
      initial: this.events,
      evolve: (events, event) => {
        events.push(event);
        return events;
      },
    }).start();
  }

  get position(): number {
    return this.fold.position;
  }

  /** Resolves when it holds everything up to the position. @throws Error when that takes more than half a minute. */
  async upTo(position: number): Promise<readonly RecordedEvent[]> {
    if (await this.fold.waitFor(position, 30_000)) return this.events;
    throw new Error(`The log was read up to ${this.position} and not to ${position}, which the server has.`);
  }

  /** When nats-server stored an entry, in milliseconds since 1970. @throws Error when there is none */
  async storedAt(position: number): Promise<number> {
    const { streams } = await jetstreamManager(this.nats, { checkAPI: false });
    const entry = await streams.getMessage(LOG_STREAM, { seq: position });
    if (!entry) throw new Error(`The log has nothing at position ${position}.`);
    return Date.parse(entry.timestamp);
  }

  stop(): Promise<void> {
    return this.fold.stop();
  }
}
