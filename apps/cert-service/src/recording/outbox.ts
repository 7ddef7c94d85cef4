import type { Log } from '@caravan/platform';
import type { Pool } from 'pg';
import type { Recorder } from './recorder.js';
import { commandMetadata, trustEvent } from './unrecorded.js';
import type { StoredMetadata } from './unrecorded.js';

interface Row {
  event_type: string;
  event: unknown;
  metadata: StoredMetadata;
}

/** Authorities before the certificates that they signed, each in the order in which they were made. */
const UNRECORDED = `
  select event_type, event, metadata from (
    select 1 as rank, 'AuthorityEstablished' as event_type, event, metadata, created_at from authorities
      where not recorded and created_at <= clock_timestamp() - make_interval(secs => $1)
    union all
    select 2, event_type, event, metadata, created_at from certificates
      where not recorded and created_at <= clock_timestamp() - make_interval(secs => $1)
  ) as row order by rank, created_at limit 1000`;

const SWEEP_EVERY_MS = 5_000;
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

  async start(): Promise<void> {
    await this.recordOlderThan(0);
    this.#timer = setInterval(() => {
      this.#sweep = this.#sweep.then(() => this.#sweepOnce());
    }, SWEEP_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweep;
    await this.marks.flush();
  }

  /** @throws what the recorder throws; what came before is recorded */
  async recordOlderThan(seconds: number): Promise<void> {
    for (;;) {
      const { rows } = await this.pool.query<Row>(UNRECORDED, [seconds]);
      for (const { event_type, event, metadata } of rows) {
        await this.recorder.record({ event: trustEvent(event_type, event), metadata: commandMetadata(metadata) });
      }
      // Marks first, or the same rows would be found again.
      await this.marks.flush();
      if (rows.length === 0) return;
      this.log.info({ count: rows.length }, 'recorded what was left over');
    }
  }

  async #sweepOnce(): Promise<void> {
    try {
      await this.recordOlderThan(SWEPT_AFTER_SECONDS);
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = `issued certificates are not in the log yet: ${(error as Error).message}`;
      this.log.warn({ err: error }, this.#trouble);
    }
  }
}
