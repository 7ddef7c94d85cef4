import { killPoint } from '@caravan/kill-points';
import type { Log } from '@caravan/platform';
import type { Pool } from 'pg';
import { idOf } from './unrecorded.js';
import type { TrustEvent } from './unrecorded.js';

type Table = 'authority_requests' | 'authorities' | 'certificates';
const TABLE_OF: Readonly<Record<TrustEvent['type'], Table>> = {
  AuthorityRequested: 'authority_requests',
  AuthorityEstablished: 'authorities',
  CertificateIssued: 'certificates',
  CertificateRefused: 'certificates',
};
const MARKING: Readonly<Record<Table, string>> = {
  authority_requests: 'update authority_requests set recorded = true where authority_id = any($1)',
  authorities: 'update authorities set recorded = true where authority_id = any($1)',
  certificates: 'update certificates set recorded = true where certificate_id = any($1)',
};
const nothing = (): Record<Table, string[]> => ({ authority_requests: [], authorities: [], certificates: [] });

const FLUSH_AFTER_MS = 200;
const FLUSH_AT = 500;

/**
 * Remembers in the database which rows are in the log, many at a time. Losing a mark costs one append that finds the event
 * there already, so it needs no write of its own on the way of each certificate.
 */
export class RecordedMarks {
  #ids = nothing();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly log: Log,
  ) {}

  add(event: TrustEvent): void {
    const ids = this.#ids[TABLE_OF[event.type]];
    ids.push(idOf(event));
    if (ids.length >= FLUSH_AT) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ids = this.#ids;
    this.#ids = nothing();
    if (killPoint && ids.certificates.length > 0) await killPoint('certificate.marking');
    try {
      for (const [table, marked] of Object.entries(ids) as [Table, string[]][]) {
        if (marked.length > 0) await this.pool.query(MARKING[table], [marked]);
      }
    } catch (error) {
      this.log.warn({ err: error }, 'not marked as recorded; the next sweep looks at them again');
    }
  }
}
