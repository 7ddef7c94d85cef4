import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import type { JetStreamClient } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { allEvents } from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { commitHash, eventRegistry } from '@caravan/event-store';
import type { EventRegistry } from '@caravan/event-store';
import { createLog } from '@caravan/event-store/jetstream';
import { findNatsServer, startNatsServer } from '@caravan/installation';
import type { StateDirectory } from '@caravan/installation';
import { workspaceRoot } from '@caravan/testing/installation';

/** One commit that somebody might have decided. */
export interface PlannedCommit {
  readonly stream: StreamName;
  readonly events: readonly Event[];
  readonly at: Date;
}

export interface WrittenLog {
  readonly commits: number;
  readonly events: number;
  readonly bytes: number;
}

/**
 * Writes the log that an installation will find when it starts, by a nats-server that does not wait for the disk: what is measured
 * later is not how this came about.
 */
export async function writeLog({ nats: dir }: StateDirectory, commits: Iterable<PlannedCommit>): Promise<WrittenLog> {
  const { path: bin } = await findNatsServer({ cacheDir: join(workspaceRoot, '.caravan', 'cache') });
  const config = `
    listen: "127.0.0.1:-1"
    jetstream { store_dir: ${JSON.stringify(join(dir, 'jetstream'))} }
    accounts { MGMT { jetstream: enabled, users: [ { user: bench, password: bench } ] } }
  `;
  const server = await startNatsServer({ bin, config, dir: join(dir, 'writing') });
  try {
    const nats = await connect({ servers: `${server.host}:${server.port}`, user: 'bench', pass: 'bench' });
    await createLog(nats);
    const written = await appendCommits(nats, commits);
    await nats.close();
    return written;
  } finally {
    await server.stop();
  }
}

/** Appends to the log of a running installation what nobody has looked at yet: each stream from its beginning. */
export async function appendCommits(nats: NatsConnection, commits: Iterable<PlannedCommit>): Promise<WrittenLog> {
  const writer = new LogWriter(jetstream(nats, { timeout: 60_000 }));
  await writer.write(commits);
  return writer.written;
}

/** How many commits are under way at once. */
const WINDOW = 512;

/**
 * Commits as the services write them (schema, envelope, chain of hashes), but without looking at what is there, since nobody else
 * writes.
 */
class LogWriter {
  private readonly registry: EventRegistry = eventRegistry(allEvents);
  private readonly hashes = new Map<StreamName, string>();
  readonly written = { commits: 0, events: 0, bytes: 0 };

  constructor(private readonly client: JetStreamClient) {}

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
    await this.client.publish(stream, bytes, { msgID: `${commandId} ${stream}` });
  }
}
