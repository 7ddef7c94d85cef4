import type {
  AppendOptions,
  AppendOutcome,
  CommandMetadata,
  EventStore,
  ReadOptions,
  StreamRead,
} from '@caravan/event-store';
import type { Event, StreamName } from '@caravan/events';
import { SITE_WRITES, WriteRates } from './write-rates.js';

/**
 * A log in which sites pay for what they write. Paid is right before the append: what only reads, what is refused, and what is
 * answered from what was decided before costs nothing. Each replica of this service has a count of its own.
 */
export class MeteredEventStore implements EventStore {
  readonly #rates = new WriteRates(SITE_WRITES);
  /** A command that is tried again after a conflict is paid for already. */
  readonly #paid = new WeakSet<CommandMetadata>();

  constructor(private readonly store: EventStore) {}

  read(stream: StreamName, options?: ReadOptions): Promise<StreamRead> {
    return this.store.read(stream, options);
  }

  /** @throws Rejection `site.too-fast`, and what the log throws. */
  async append(stream: StreamName, events: readonly Event[], options: AppendOptions): Promise<AppendOutcome> {
    const { metadata } = options;
    if (pays(metadata) && !this.#paid.has(metadata)) {
      this.#rates.pay(metadata.actor.id, metadata.now);
      this.#paid.add(metadata);
    }
    return this.store.append(stream, events, options);
  }

  pause(attempt: number): Promise<void> {
    return this.store.pause(attempt);
  }
}

/** Claims do not, since all that were invited would wait for one that floods: whoever invites says how many there may be, or that all may. */
const pays = ({ via, actor }: CommandMetadata): boolean => via === 'site-protocol' && actor.kind !== 'claim';
