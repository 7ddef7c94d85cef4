import { CertificateIssued } from '@caravan/events';
import type { CertificateRefused, EventOf } from '@caravan/events';
import type { CommandMetadata } from '@caravan/event-store';
import type { Pool } from 'pg';
import { commandMetadata, storedMetadata, trustEvent } from '../recording/unrecorded.js';
import type { StoredMetadata } from '../recording/unrecorded.js';

/** What became of a request, once and for ever. */
export type Verdict = EventOf<typeof CertificateIssued | typeof CertificateRefused>;

export interface StoredVerdict {
  readonly event: Verdict;
  readonly metadata: CommandMetadata;
}

interface Row {
  event_type: string;
  event: unknown;
  metadata: StoredMetadata;
}

export class CertificateStore {
  constructor(private readonly pool: Pool) {}

  async find(certificateId: string): Promise<StoredVerdict | undefined> {
    const { rows } = await this.pool.query<Row>({
      name: 'find-certificate',
      text: 'select event_type, event, metadata from certificates where certificate_id = $1',
      values: [certificateId],
    });
    const row = rows[0];
    return row && { event: trustEvent(row.event_type, row.event) as Verdict, metadata: commandMetadata(row.metadata) };
  }

  /** Whether that one, and not only its holder, was revoked, as far as the log was followed. */
  async isRevoked(certificateId: string): Promise<boolean> {
    const { rowCount } = await this.pool.query({
      name: 'is-certificate-revoked',
      text: `select from revoked where kind = 'certificate' and own_id = $1`,
      values: [certificateId],
    });
    return rowCount !== 0;
  }

  /**
   * Keeps the verdict unless there is one by that id already; resolves with the one that counts. So whoever asks again, however
   * late and whichever replica answers, gets the first certificate byte for byte.
   */
  async keep(verdict: StoredVerdict): Promise<StoredVerdict> {
    const { event, metadata } = verdict;
    const issued = event.type === CertificateIssued.type ? event.data : undefined;
    const { rowCount } = await this.pool.query({
      name: 'keep-certificate',
      text: `insert into certificates (certificate_id, issuer_id, serial, not_after, event_type, event, metadata)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (certificate_id) do nothing`,
      values: [
        event.data.certificateId,
        issued?.issuerId ?? null,
        issued?.serial ?? null,
        issued?.notAfter ?? null,
        event.type,
        event.data,
        storedMetadata(metadata),
      ],
    });
    return rowCount === 1 ? verdict : (await this.find(event.data.certificateId))!;
  }
}
