import { AuthorityEstablished } from '@caravan/events';
import { killPoint } from '@caravan/kill-points';
import type { Log } from '@caravan/platform';
import type { Pool } from 'pg';
import { idOf } from './unrecorded.js';
import type { TrustEvent } from './unrecorded.js';

const FLUSH_AFTER_MS = 200;
const FLUSH_AT = 500;

/**
 * Remembers in the database which rows are in the log, many at a time. Losing a mark costs one append that finds the event
 * there already, so it needs no write of its own on the way of each certificate.
 */
export class RecordedMarks {
  #ids = { authorities: [] as string[], certificates: [] as string[] };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {}

  add(event: TrustEvent): void {
    const ids = event.type === AuthorityEstablished.type ? this.#ids.authorities : this.#ids.certificates;
    ids.push(idOf(event));
    if (ids.length >= FLUSH_AT) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { authorities, certificates } = this.#ids;
    this.#ids = { authorities: [], certificates: [] };
    if (killPoint && certificates.length > 0) await killPoint('certificate.marking');
    try {
      if (authorities.length > 0) {
        await this.pool.query('update authorities set recorded = true where authority_id = any($1)', [authorities]);
      }
      if (certificates.length > 0) {
        await this.pool.query('update certificates set recorded = true where certificate_id = any($1)', [certificates]);
      }
    } catch (error) {
      this.log.warn({ err: error }, 'not marked as recorded; the next sweep looks at them again');
    }
  }
}
