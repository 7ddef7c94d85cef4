import { allEvents, logEntryStream } from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { assertStreamName, commitHash } from './commit-bytes.js';
import { eventRegistry } from './event-registry.js';
import type { EventRegistry } from './event-registry.js';
import type { AppendOptions, AppendOutcome, EventStore, ReadOptions, StreamRead, StreamWaiter } from './event-store.js';
import type { RecordedEvent } from './recorded-event.js';
import { hashesPassedOver } from './passing-over.js';
import { LogError } from './rejection.js';

interface Stored {
  readonly stream: StreamName;
  readonly position: number;
  readonly bytes: Uint8Array;
}

export interface InMemoryOptions {
  /** Default: all events of `@caravan/events`. */
  readonly registry?: EventRegistry;
  /** Whether a resent command id is answered as a duplicate (default), or as a server does past its duplicate window. */
  readonly duplicateWindow?: boolean;
}

/** The log for specs: the same contract and the same bytes as the JetStream one, and gone with the object. */
export class InMemoryEventStore implements EventStore, StreamWaiter {
  private readonly registry: EventRegistry;
  private readonly duplicateWindow: boolean;
  private readonly log: Stored[] = [];
  private readonly streams = new Map<string, Stored[]>();
  private readonly positions = new Map<string, number>(); // by command id and stream
  private readonly subscribers = new Set<{ next: number; deliver: (event: RecordedEvent) => void | Promise<void> }>();
  private readonly waiters = new Set<() => void>();
  private delivering = Promise.resolve();

  constructor({ registry = eventRegistry(allEvents), duplicateWindow = true }: InMemoryOptions = {}) {
    this.registry = registry;
    this.duplicateWindow = duplicateWindow;
  }

  /** The position of the last commit; 0: the log is empty. */
  get position(): number {
    return this.log.length;
  }

  async read(stream: StreamName, { after = 0, upTo = Infinity }: ReadOptions = {}): Promise<StreamRead> {
    return this.readNow(stream, after, upTo);
  }

  async append(
    stream: StreamName,
    events: readonly Event[],
    { expectedRevision, metadata, previousHash }: AppendOptions,
  ): Promise<AppendOutcome> {
    const bytes = this.registry.encode(stream, events, metadata, previousHash);
    const key = `${metadata.commandId} ${stream}`;
    const before = this.duplicateWindow ? this.positions.get(key) : undefined;
    if (before !== undefined) return { outcome: 'appended', position: before, revision: before, duplicate: true };

    const commits = this.streams.get(stream) ?? [];
    if ((commits.at(-1)?.position ?? 0) !== expectedRevision) return { outcome: 'conflict' };
    const position = this.store(stream, bytes, commits);
    this.positions.set(key, position);
    return { outcome: 'appended', position, revision: position, duplicate: false, hash: commitHash(bytes) };
  }

  /** Puts raw bytes into the log as a broken or foreign writer would: for specs of what happens then. */
  appendRaw(stream: string, bytes: Uint8Array): number {
    assertStreamName(stream);
    return this.store(stream, bytes, this.streams.get(stream) ?? []);
  }

  /** The raw bytes of a stream's commits. */
  raw(stream: StreamName): readonly Uint8Array[] {
    return (this.streams.get(stream) ?? []).map(({ bytes }) => bytes);
  }

  async pause(): Promise<void> {
    // Nothing to wait for: the other writer has finished.
  }

  async waitForStream<T>(
    stream: StreamName,
    until: (events: readonly RecordedEvent[]) => T | undefined,
    { signal, after = 0 }: { readonly signal: AbortSignal; readonly after?: number },
  ): Promise<T | undefined> {
    for (;;) {
      const found = until(this.readNow(stream, after, Infinity).events);
      if (found !== undefined || signal.aborted) return found;
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.waiters.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        this.waiters.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }

  /**
   * Delivers every event behind `after` (default 0) and then each new one, one after the other, as a consumer of the log gets
   * them. `settled()` rejects with what `deliver` throws. Gives back the function that ends it.
   */
  subscribe(deliver: (event: RecordedEvent) => void | Promise<void>, { after = 0 } = {}): () => void {
    const subscriber = { next: after, deliver };
    this.subscribers.add(subscriber);
    this.wake();
    return () => {
      this.subscribers.delete(subscriber);
    };
  }

  /** Resolves when everything in the log was delivered, with all that the subscribers appended meanwhile. */
  async settled(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.delivering) {
      seen = this.delivering;
      await seen;
    }
  }

  private readNow(stream: StreamName, after: number, upTo: number): StreamRead {
    assertStreamName(stream);
    const commits = this.streams.get(stream) ?? [];
    const revision = commits.at(-1)?.position ?? 0;
    if (after > revision && upTo === Infinity) {
      throw new LogError('log.went-back', `${stream} ends at ${revision}, before ${after}`, {
        stream,
        revision,
        after,
      });
    }
    const tail = commits.slice(commits.findLastIndex(({ position }) => position <= after) + 1);
    const read = tail.filter(({ position }) => position <= upTo);
    const last = read.at(-1);
    return {
      events: read.flatMap((stored) => this.eventsOf(stored)),
      revision: last?.position ?? after,
      lastCommitHash: last ? commitHash(last.bytes) : null,
    };
  }

  private eventsOf({ stream, position, bytes }: Stored): readonly RecordedEvent[] {
    const said = this.streams.get(logEntryStream(position));
    if (said && hashesPassedOver(said).includes(commitHash(bytes))) return [];
    return this.registry.decode(stream, position, bytes).events;
  }

  private store(stream: StreamName, bytes: Uint8Array, commits: Stored[]): number {
    const position = this.log.length + 1;
    const stored = { stream, position, bytes };
    this.log.push(stored);
    this.streams.set(stream, commits);
    commits.push(stored);
    this.wake();
    return position;
  }

  private wake(): void {
    for (const wake of [...this.waiters]) wake();
    if (this.subscribers.size > 0) this.delivering = this.delivering.then(() => this.deliverAll());
    this.delivering.catch(() => undefined); // reported by settled()
  }

  private async deliverAll(): Promise<void> {
    for (const subscriber of this.subscribers) {
      for (let stored = this.log[subscriber.next]; stored; stored = this.log[++subscriber.next]) {
        for (const event of this.eventsOf(stored))
          if (this.subscribers.has(subscriber)) await subscriber.deliver(event);
      }
    }
  }
}
