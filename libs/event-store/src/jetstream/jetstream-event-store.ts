import { setTimeout as sleep } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { JetStreamClient, JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { allEvents } from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import { assertStreamName, commitHash } from '../commit-bytes.js';
import { eventRegistry } from '../event-registry.js';
import type { EventRegistry } from '../event-registry.js';
import type {
  AppendOptions,
  AppendOutcome,
  EventStore,
  ReadOptions,
  StreamRead,
  StreamWaiter,
} from '../event-store.js';
import type { RecordedEvent } from '../recorded-event.js';
import { LogError, PoisonError } from '../rejection.js';
import { AppendNotices } from './append-notices.js';
import { Connectedness } from './connectedness.js';
import { isConflict, isPassing, logFailure } from './failures.js';
import { LogEntries } from './log-entries.js';
import type { RawCommit } from './raw-commit.js';
import { messageOf, readCommits } from './stream-reader.js';

export interface JetStreamOptions {
  /** Default: all events of `@caravan/events`. */
  readonly registry?: EventRegistry;
  /** How long an append waits for its acknowledgement before it is undecided. Default 3 s. */
  readonly timeoutMs?: number;
}

/** With the request that is under way then, a read that fails has failed after some eight seconds at most. */
const READ_WITHIN_MS = 5_000;

/** The log on JetStream. The connection belongs to the caller; `ensureLog` or `checkLog` comes first. */
export class JetStreamEventStore implements EventStore, StreamWaiter {
  private readonly registry: EventRegistry;
  private readonly timeoutMs: number;
  private readonly client: JetStreamClient;
  private readonly manager: Promise<JetStreamManager>;
  private readonly notices: AppendNotices;
  private readonly entries: LogEntries;
  private readonly connectedness: Connectedness;

  constructor(
    private readonly nc: NatsConnection,
    { registry = eventRegistry(allEvents), timeoutMs = 3_000 }: JetStreamOptions = {},
  ) {
    this.registry = registry;
    this.timeoutMs = timeoutMs;
    this.client = jetstream(nc, { timeout: timeoutMs });
    this.manager = jetstreamManager(nc, { checkAPI: false, timeout: timeoutMs });
    this.notices = new AppendNotices(nc);
    this.entries = new LogEntries(nc, timeoutMs);
    this.connectedness = new Connectedness(nc);
  }

  async read(stream: StreamName, { after = 0, upTo = Infinity }: ReadOptions = {}): Promise<StreamRead> {
    assertStreamName(stream);
    const deadline = performance.now() + READ_WITHIN_MS;
    for (let attempt = 1; ; attempt++) {
      this.connectedness.require(`read ${stream}`);
      try {
        return await this.readOnce(stream, after, upTo);
      } catch (error) {
        if (!isPassing(error) || performance.now() > deadline || this.nc.isClosed()) {
          throw logFailure(error, `read ${stream}`);
        }
        await this.pause(attempt);
      }
    }
  }

  async append(
    stream: StreamName,
    events: readonly Event[],
    { expectedRevision, metadata, previousHash }: AppendOptions,
  ): Promise<AppendOutcome> {
    const bytes = this.registry.encode(stream, events, metadata, previousHash);
    this.connectedness.require(`append to ${stream}`);
    if (killPoint) await killPoint('append.decided', whatOf(events, stream));
    try {
      const { seq, duplicate } = await this.client.publish(stream, bytes, {
        // With the subject: the same id on a second stream would be swallowed as a duplicate of the first.
        msgID: `${metadata.commandId} ${stream}`,
        expect: { lastSubjectSequence: expectedRevision },
        timeout: this.timeoutMs,
      });
      if (killPoint) await killPoint('append.acked', whatOf(events, stream));
      const where = { outcome: 'appended', position: seq, revision: seq } as const;
      return duplicate ? { ...where, duplicate } : { ...where, duplicate, hash: commitHash(bytes) };
    } catch (error) {
      if (isConflict(error)) return { outcome: 'conflict' };
      if (isPassing(error) && !this.nc.isClosed()) return { outcome: 'undecided', reason: (error as Error).message };
      throw logFailure(error, `append to ${stream}`);
    }
  }

  /** Some 10 ms at first, at most a second. */
  async pause(attempt: number): Promise<void> {
    const longest = Math.min(1_000, 10 * 2 ** (attempt - 1));
    await sleep(longest * (0.5 + Math.random() / 2));
  }

  async waitForStream<T>(
    stream: StreamName,
    until: (events: readonly RecordedEvent[]) => T | undefined,
    { signal, after = 0 }: { readonly signal: AbortSignal; readonly after?: number },
  ): Promise<T | undefined> {
    assertStreamName(stream);
    const bell = this.notices.listen(stream);
    try {
      const events: RecordedEvent[] = [];
      let hints = 0; // that nothing new was read for yet: the message rings before it is stored
      for (let position = after; ;) {
        const read = await this.read(stream, { after: position });
        position = read.revision;
        events.push(...read.events);
        const found = read.events.length > 0 || events.length === 0 ? until(events) : undefined;
        if (found !== undefined || signal.aborted) return found;
        if (read.events.length > 0) hints = 0;
        const again = hints > 0 && hints < 8 ? 2 ** hints : 1_000;
        hints = (await bell.next(again, signal)) ? 1 : hints > 0 && hints < 8 ? hints + 1 : 0;
      }
    } finally {
      bell.close();
    }
  }

  private async readOnce(stream: StreamName, after: number, upTo: number): Promise<StreamRead> {
    await this.entries.loaded();
    const manager = await this.manager;
    const last = await messageOf(manager, { last_by_subj: stream });
    const revision = last?.seq ?? 0;
    if (revision < after && upTo === Infinity) {
      const details = { stream, revision, after };
      throw new LogError(
        'log.went-back',
        `${stream} ends at ${revision}, before ${after}: the log lost events`,
        details,
      );
    }
    const commits = await readCommits(this.nc, manager, stream, after, Math.min(revision, upTo));
    const end = commits.at(-1);
    return {
      events: await this.eventsOf(commits),
      revision: end?.position ?? after,
      lastCommitHash: end ? commitHash(end.bytes) : null,
    };
  }

  /** @throws PoisonError for a commit that cannot be read and of which the log does not say that it is passed over. */
  private async eventsOf(commits: readonly RawCommit[]): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (const commit of commits) {
      const { stream, position, bytes } = commit;
      if (this.entries.passedOver.has(commit)) continue;
      try {
        events.push(...this.registry.decode(stream, position, bytes).events);
      } catch (error) {
        if (!(error instanceof PoisonError) || !(await this.entries.isPassedOver(position))) throw error;
      }
    }
    return events;
  }
}

const whatOf = (events: readonly Event[], stream: StreamName): string =>
  `${events.map(({ type }) => type).join(' ')} ${stream}`;
