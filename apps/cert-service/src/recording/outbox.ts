import { setTimeout as sleep } from 'node:timers/promises';
import { LogError, PoisonError } from '@caravan/event-store';
import { isDatabaseAway } from '@caravan/platform';
import type { Log } from '@caravan/platform';
import type { Pool } from 'pg';
import type { Recorder } from './recorder.js';
import { commandMetadata, streamOf, trustEvent } from './unrecorded.js';
import type { StoredMetadata } from './unrecorded.js';

interface Row {
  event_type: string;
  event: unknown;
  metadata: StoredMetadata;
}

/** Requests before the authorities that they became, those before the certificates that they signed; each in the order in which they were made. */
const UNRECORDED = `
  select event_type, event, metadata from (
    select 0 as rank, 'AuthorityRequested' as event_type, event, metadata, created_at from authority_requests
      where not recorded and created_at <= clock_timestamp() - make_interval(secs => $1)
    union all
    select 1, 'AuthorityEstablished', event, metadata, created_at from authorities
      where not recorded and created_at <= clock_timestamp() - make_interval(secs => $1)
    union all
    select 2, event_type, event, metadata, created_at from certificates
      where not recorded and created_at <= clock_timestamp() - make_interval(secs => $1)
  ) as row order by rank, created_at limit 1000`;

const SWEEP_EVERY_MS = 5_000;
const RETRY_MS = 1_000;
/** Younger ones are most likely on their way. */
const SWEPT_AFTER_SECONDS = 5;

/**
 * Records what was committed and not yet recorded: everything at start (`init` ran, or the last run was killed between the
 * commit and the append), and what is left over from time to time.
 */
export class Outbox {
  #timer: NodeJS.Timeout | undefined;
  #sweep: Promise<void> = Promise.resolve();
  #trouble: string | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly recorder: Recorder,
    private readonly marks: { flush(): Promise<void> },
    private readonly log: Log,
  ) {}

  /** For the health port. */
  trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Resolves when everything is recorded that can be: nothing new is signed before. A log or a database that is away is waited for;
   * a log that is not the right one takes nothing, and the service is up to say so.
   * @throws whatever else the recorder throws
   */
  async start(): Promise<void> {
    for (let failure = await this.#look(0); failure; failure = await this.#look(0)) {
      if (isOfTheLog(failure)) break;
      if (!isPassing(failure)) throw failure;
      await sleep(RETRY_MS);
    }
    this.#timer = setInterval(() => {
      this.#sweep = this.#sweep.then(async () => void (await this.#look(SWEPT_AFTER_SECONDS)));
    }, SWEEP_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweep;
    await this.marks.flush();
  }

  /**
   * Records what it can. A stream with an entry that cannot be read holds up its own row and no other.
   * @returns the first such entry, if there is one
   * @throws whatever else the recorder throws; what came before is recorded
   */
  async recordOlderThan(seconds: number): Promise<PoisonError | undefined> {
    const held = new Map<string, PoisonError>();
    for (;;) {
      const { rows } = await this.pool.query<Row>(UNRECORDED, [seconds]);
      const events = rows.map((row) => ({ event: trustEvent(row.event_type, row.event), metadata: row.metadata }));
      const free = events.filter(({ event }) => !held.has(streamOf(event)));
      for (const { event, metadata } of free) {
        try {
          await this.recorder.record({ event, metadata: commandMetadata(metadata) });
        } catch (error) {
          if (!(error instanceof PoisonError)) throw error;
          held.set(streamOf(event), error);
        }
      }
      // Marks first, or the same rows would be found again.
      await this.marks.flush();
      if (free.length === 0) return [...held.values()][0];
      this.log.info({ count: free.length }, 'recorded what was left over');
    }
  }

  /** Looks for what is left over, remembers what stands in its way, and gives back why it could not look. */
  async #look(olderThanSeconds: number): Promise<Error | undefined> {
    const { held, failure } = await this.recordOlderThan(olderThanSeconds).then(
      (found) => ({ held: found, failure: undefined }),
      (thrown: Error) => ({ held: undefined, failure: thrown }),
    );
    const error = failure ?? held;
    const trouble = error && `issued certificates are not in the log yet: ${error.message}`;
    if (trouble !== undefined && trouble !== this.#trouble) this.log.warn({ err: error }, trouble);
    this.#trouble = trouble;
    return failure;
  }
}

const isOfTheLog = (error: Error): boolean => error instanceof LogError && error.code === 'log.diverged';

const isPassing = (error: Error): boolean =>
  isDatabaseAway(error) || (error instanceof LogError && error.code === 'log.unavailable');
