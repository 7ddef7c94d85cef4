import type { RecordedEvent } from '@caravan/event-store';
import type { Pool } from 'pg';

/** What cert-service has decided, by certificate, and what the log says of it: where they differ, in words. */
export async function outboxAgainstLog(pool: Pool, log: readonly RecordedEvent[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string; recorded: boolean; fingerprint: string | null }>(
    `select certificate_id as id, recorded, event ->> 'fingerprint' as fingerprint from pki.certificates`,
  );
  const inLog = new Map(
    log.flatMap(({ type, data }) => {
      const { certificateId, fingerprint = null } = data as { certificateId: string; fingerprint?: string };
      return type === 'CertificateIssued' || type === 'CertificateRefused' ? [[certificateId, fingerprint]] : [];
    }),
  );
  const kept = new Set(rows.map(({ id }) => id));
  return [
    ...rows
      .filter(({ id, fingerprint }) => inLog.get(id) !== fingerprint)
      .map(({ id }) => `${id} is another in the log`),
    ...rows.filter(({ recorded }) => !recorded).map(({ id }) => `${id} is not marked as recorded`),
    ...[...inLog.keys()].filter((id) => !kept.has(id)).map((id) => `${id} is in the log and not in the database`),
  ].map((trouble) => `certificate ${trouble}`);
}
