import type { Event, StreamName } from '@caravan/events';
import type { CommandMetadata } from './metadata.js';
import type { RecordedEvent } from './recorded-event.js';

export interface ReadOptions {
  /** Only commits behind this position; 0 (the default): all. */
  readonly after?: number;
  /** Only commits up to and including this position; the default: all. */
  readonly upTo?: number;
}

/** One stream's events in their order. */
export interface StreamRead {
  readonly events: readonly RecordedEvent[];
  /** The position of the stream's last commit that was read or skipped by `after`; 0: the stream has none. */
  readonly revision: number;
  /** SHA-256 (hex) over the raw bytes of the commit at `revision`; null if none was read. */
  readonly lastCommitHash: string | null;
}

export interface AppendOptions {
  /** The position of the stream's last commit; 0: the stream must be new. */
  readonly expectedRevision: number;
  readonly metadata: CommandMetadata;
  /** The hash of the stream's last commit; null for its first. */
  readonly previousHash: string | null;
}

/**
 * What became of an append.
 * - `appended`: the commit is in the log. `duplicate`: it had been there before, by the same command id; position and revision
 *   are those of the first time, and `hash` is absent since the stored bytes may be other than the ones sent now.
 * - `conflict`: the stream has another revision; nothing was stored. Reload and decide again.
 * - `undecided`: it is not known whether the commit was stored. Read again, look for the command id, then retry. Never a
 *   user's conflict.
 */
export type AppendOutcome =
  | {
      readonly outcome: 'appended';
      readonly position: number;
      readonly revision: number;
      readonly duplicate: boolean;
      readonly hash?: string;
    }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'undecided'; readonly reason: string };

/** The log, seen as streams. Reads are as fresh as the last acknowledged append, also on a replicated log. */
export interface EventStore {
  /**
   * @throws PoisonError when a commit cannot be read.
   * @throws LogError `log.unavailable`; `log.went-back` when `after` lies behind the stream's end.
   */
  read(stream: StreamName, options?: ReadOptions): Promise<StreamRead>;
  /**
   * Appends all events or none, as one commit, if the stream still has the expected revision.
   * @throws LogError `event.invalid` for an event that is not declared, belongs to another category or breaks its schema;
   * `commit.too-large`; `log.forbidden`, `log.full`.
   */
  append(stream: StreamName, events: readonly Event[], options: AppendOptions): Promise<AppendOutcome>;
  /** Lets time pass before attempt number `attempt` (from 1), longer each time and with jitter. */
  pause(attempt: number): Promise<void>;
}

/** Waits for what a stream will say: to answer a claim without polling. */
export interface StreamWaiter {
  /**
   * Resolves with what `until` finds in the stream's events behind `after` (default 0), at once or after a later append; with
   * undefined when the signal aborts first. `until` gets all events behind `after` each time.
   */
  waitForStream<T>(
    stream: StreamName,
    until: (events: readonly RecordedEvent[]) => T | undefined,
    options: { readonly signal: AbortSignal; readonly after?: number },
  ): Promise<T | undefined>;
}
