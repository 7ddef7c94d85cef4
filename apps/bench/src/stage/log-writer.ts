import { jetstream } from '@nats-io/jetstream';
import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { allEvents, parseStreamName } from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { commitHash, eventRegistry } from '@caravan/event-store';
import type { EventRegistry } from '@caravan/event-store';

/** One commit that somebody might have decided. */
export interface PlannedCommit {
  readonly stream: StreamName;
  readonly events: readonly Event[];
  readonly at: Date;
}

/** How many commits wait for the disk at once: they share its syncs. */
const WINDOW = 512;

/**
 * Writes a log by the thousand: commits as the services write them (schema, envelope, chain of hashes), but without looking at
 * what is there, since nobody else writes. Order is kept within the contexts of each service.
 */
export class LogWriter {
  private readonly registry: EventRegistry = eventRegistry(allEvents);
  private readonly hashes = new Map<StreamName, string>();
  private readonly management: JetStreamClient;
  private readonly trust: JetStreamClient;
  written = { commits: 0, events: 0, bytes: 0 };

  constructor(management: NatsConnection, certService: NatsConnection) {
    this.management = jetstream(management, { timeout: 60_000 });
    this.trust = jetstream(certService, { timeout: 60_000 });
  }

  /** Resolves when all of it is on disk. */
  async write(commits: Iterable<PlannedCommit>): Promise<void> {
    const underWay = new Set<Promise<void>>();
    for (const commit of commits) {
      const publishing = this.publish(commit).finally(() => underWay.delete(publishing));
      underWay.add(publishing);
      if (underWay.size >= WINDOW) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  }

  private async publish({ stream, events, at }: PlannedCommit): Promise<void> {
    const commandId = `bench-${++this.written.commits}`;
    const actor = { kind: 'service', id: 'bench' } as const;
    const metadata = { commandId, now: at, actor, via: 'admin', source: 'bench' } as const;
    const causes = { correlationId: commandId, causationId: commandId, ownerGroup: null };
    const previous = this.hashes.get(stream) ?? null;
    const bytes = this.registry.encode(stream, events, { ...metadata, ...causes }, previous);
    this.hashes.set(stream, commitHash(bytes));
    this.written.events += events.length;
    this.written.bytes += bytes.length;
    const client = parseStreamName(stream)?.context === 'trust' ? this.trust : this.management;
    await client.publish(stream, bytes, { msgID: `${commandId} ${stream}` });
  }
}
