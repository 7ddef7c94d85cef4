import { Inject, Injectable } from '@nestjs/common';
import { PG_POOL } from '@caravan/platform';
import type { Pool } from 'pg';

/** What an authority signed and is not over, for each kind of holder. */
export interface Holding {
  readonly holderKind: string;
  readonly certificates: number;
  /** When the first of them ends. */
  readonly soonestEnd: string;
}

/** Counted by the database: a network of ten thousand members has as many rows, and nobody wants to see them to know how many there are. */
@Injectable()
export class Holdings {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async of(authorityIds: readonly string[], now: Date): Promise<ReadonlyMap<string, readonly Holding[]>> {
    const { rows } = await this.pool.query<{
      issuer_id: string;
      holder_kind: string;
      certificates: number;
      soonest: Date;
    }>(
      `select issuer_id, holder_kind, count(*)::int as certificates, min(not_after) as soonest
       from certificate where issuer_id = any($1::uuid[]) and not_after > $2
       group by issuer_id, holder_kind order by issuer_id, holder_kind`,
      [authorityIds, now],
    );
    const found = new Map<string, Holding[]>();
    for (const { issuer_id: id, holder_kind: holderKind, certificates, soonest } of rows) {
      const holding = { holderKind, certificates, soonestEnd: soonest.toISOString() };
      found.set(id, [...(found.get(id) ?? []), holding]);
    }
    return found;
  }
}
