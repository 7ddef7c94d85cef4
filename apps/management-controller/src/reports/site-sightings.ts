import { Inject, Injectable } from '@nestjs/common';
import type { Report } from '@caravan/events';
import { PG_POOL } from '@caravan/platform';
import type { Pool } from 'pg';

export interface Sighting {
  readonly siteId: string;
  readonly lastSeenAt: string;
  readonly version: string;
  readonly appliedRevision: number;
  readonly observation: unknown;
}

export interface Unconfirmed {
  readonly siteId: string;
  readonly lastSeenAt: string | null;
  readonly detail: string;
}

/**
 * What sites last said of themselves. Live, not from the log: a rebuild of the projections does not touch it, and losing it costs
 * no more than waiting for the next report.
 */
@Injectable()
export class SiteSightings {
  constructor(@Inject(PG_POOL) private readonly pool: Pool) {}

  async record(siteId: string, report: Report, now: Date): Promise<void> {
    await this.pool.query(
      `insert into site_sighting (site_id, last_seen_at, version, capability, applied_revision, observation)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (site_id) do update set last_seen_at = excluded.last_seen_at, version = excluded.version,
         capability = excluded.capability,
         applied_revision = excluded.applied_revision, observation = excluded.observation`,
      [siteId, now, report.version, report.capability, report.appliedRevision, JSON.stringify(report.observation)],
    );
  }

  async lastSeen(siteIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (siteIds.length === 0) return new Map();
    const { rows } = await this.pool.query<{ site_id: string; last_seen_at: Date }>(
      'select site_id, last_seen_at from site_sighting where site_id = any($1::uuid[])',
      [siteIds],
    );
    return new Map(rows.map((row) => [row.site_id, row.last_seen_at.toISOString()]));
  }

  /** When each of them was heard last, and what it can (capability of the site protocol). */
  async lastHeard(
    siteIds: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly lastSeenAt: string; readonly capability: number }>> {
    const { rows } = await this.pool.query<{ site_id: string; last_seen_at: Date; capability: number }>(
      'select site_id, last_seen_at, capability from site_sighting where site_id = any($1::uuid[])',
      [siteIds],
    );
    return new Map(
      rows.map((row) => [row.site_id, { lastSeenAt: row.last_seen_at.toISOString(), capability: row.capability }]),
    );
  }

  async of(siteId: string): Promise<Sighting | undefined> {
    const { rows } = await this.pool.query<{
      last_seen_at: Date;
      version: string;
      applied_revision: string;
      observation: unknown;
    }>('select last_seen_at, version, applied_revision, observation from site_sighting where site_id = $1', [siteId]);
    const row = rows[0];
    return (
      row && {
        siteId,
        lastSeenAt: row.last_seen_at.toISOString(),
        version: row.version,
        appliedRevision: Number(row.applied_revision),
        observation: row.observation,
      }
    );
  }

  /**
   * Those of them that have not said yet that they are as of a log position, with all items that begin so `applied`,
   * and can do what that capability asks for.
   * `detail`: what they say of the first that is not.
   */
  async notAsOf(
    siteIds: readonly string[],
    position: number,
    items: readonly string[],
    capability = 1,
  ): Promise<Unconfirmed[]> {
    if (siteIds.length === 0) return [];
    const { rows } = await this.pool.query<{
      site_id: string;
      last_seen_at: Date | null;
      applied_revision: string | null;
      capability: number | null;
      item: string | null;
      said: { state: string; detail?: string } | null;
    }>(
      `select wanted.site_id, seen.last_seen_at, seen.applied_revision, seen.capability, other.item, other.said
       from unnest($1::uuid[]) as wanted(site_id)
       left join site_sighting seen using (site_id)
       left join lateral (
         select key as item, value as said from jsonb_each(seen.observation -> 'items')
         where value ->> 'state' <> 'applied' and exists (select 1 from unnest($3::text[]) as p where starts_with(key, p))
         order by key limit 1
       ) other on true
       where seen.applied_revision is null or seen.applied_revision < $2 or seen.capability < $4 or other.item is not null
       order by wanted.site_id`,
      [siteIds, position, items, capability],
    );
    return rows.map(({ site_id, last_seen_at, applied_revision, capability: known, item, said }) => ({
      siteId: site_id,
      lastSeenAt: last_seen_at?.toISOString() ?? null,
      detail:
        known !== null && known < capability
          ? `it cannot: it has capability ${known}, and ${capability} is asked for. Update it`
          : unconfirmedInWords(Number(applied_revision ?? 0) < position, item, said),
    }));
  }

  /** When any site was heard last. */
  async newest(): Promise<string | undefined> {
    const sql = 'select max(last_seen_at) as newest from site_sighting';
    const { rows } = await this.pool.query<{ newest: Date | null }>(sql);
    return rows[0]?.newest?.toISOString();
  }

  /** Sites that have not been heard of since then. */
  async silentSince(time: Date): Promise<string[]> {
    const { rows } = await this.pool.query<{ site_id: string }>(
      'select site_id from site_sighting where last_seen_at < $1',
      [time],
    );
    return rows.map((row) => row.site_id);
  }

  /** Forgets those of them that are silent still. */
  async forget(siteIds: readonly string[], silentSince: Date): Promise<void> {
    const sql = 'delete from site_sighting where site_id = any($1::uuid[]) and last_seen_at < $2';
    await this.pool.query(sql, [siteIds, silentSince]);
  }
}

function unconfirmedInWords(
  isBehind: boolean,
  item: string | null,
  said: { state: string; detail?: string } | null,
): string {
  if (isBehind || item === null || said === null) return 'it has not said yet that it knows';
  return `${item} is ${said.state} there${said.detail === undefined ? '' : `: ${said.detail}`}`;
}
