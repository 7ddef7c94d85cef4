import type { RevocationReason, RevokedCertificate } from '@caravan/pki';
import type { Pool } from 'pg';

export interface RevocationList {
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** A digest of what it lists: equal ones list the same. */
  readonly covers: string;
  readonly der: Buffer;
}

interface ListRow {
  number: string;
  this_update: Date;
  next_update: Date;
  covers: string;
  der: Buffer;
}

/** What is revoked of what this service signed, and the lists that say so. */
export class Revocations {
  constructor(private readonly pool: Pool) {}

  /** What an authority signed that is revoked, as long as it would be valid: each once, by serial. */
  async of(authorityId: string, now: Date): Promise<RevokedCertificate[]> {
    const { rows } = await this.pool.query<{ serial: string; revoked_at: Date; reason: RevocationReason }>(
      `select distinct on (serial) serial, revoked_at, reason from (
         select serial, revoked_at, reason from certificates c
         join revoked r on (r.kind = c.holder_kind and r.own_id = c.holder_id)
                        or (r.kind = 'certificate' and r.own_id = c.certificate_id::text)
         where c.issuer_id = $1 and c.not_after > $2
         union all
         select event ->> 'serial', revoked_at, reason from authorities a
         join revoked r on r.kind = 'network' and r.own_id = a.event ->> 'networkId'
         where a.issuer_id = $1 and a.not_after > $2
       ) signed order by serial, revoked_at`,
      [authorityId, now],
    );
    return rows.map(({ serial, revoked_at: revokedAt, reason }) => ({ serial, revokedAt, reason }));
  }

  async list(authorityId: string): Promise<RevocationList | undefined> {
    const { rows } = await this.pool.query<ListRow>(
      'select number, this_update, next_update, covers, der from revocation_lists where authority_id = $1',
      [authorityId],
    );
    const row = rows[0];
    if (!row) return undefined;
    const { number, this_update: thisUpdate, next_update: nextUpdate, covers, der } = row;
    return { number: BigInt(number), thisUpdate, nextUpdate, covers, der };
  }

  /** Keeps a list unless one of its number or a later one is kept: numbers only grow, whoever signs. */
  async keep(authorityId: string, { number, thisUpdate, nextUpdate, covers, der }: RevocationList): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `insert into revocation_lists as kept (authority_id, number, this_update, next_update, covers, der)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (authority_id) do update set number = excluded.number, this_update = excluded.this_update,
         next_update = excluded.next_update, covers = excluded.covers, der = excluded.der
       where kept.number < excluded.number`,
      [authorityId, number.toString(), thisUpdate, nextUpdate, covers, der],
    );
    return rowCount === 1;
  }
}
