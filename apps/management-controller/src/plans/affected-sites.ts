import type { RotationPlan } from '@caravan/api';
import { withNames } from '../read-models/site-names.js';
import type { Naming } from '../read-models/site-names.js';
import type { SiteSightings } from '../reports/site-sightings.js';

type Sites = RotationPlan['phases'][number]['sites'];
type Unnamed = Omit<Sites['away'][number], 'name'>;

/** Sites report every ten seconds. */
const AWAY_AFTER_MS = 30_000;
const MOST_NAMED = 100;

export interface Ability {
  /** Of the site protocol. */
  readonly capability: number;
  /** What happens to a site that can less, in words. */
  readonly without: string;
}

/** Who would have to do something, and of whom that cannot be expected now. */
export async function affectedSites(
  siteIds: readonly string[],
  ability: Ability,
  { sightings, now, ...naming }: Naming & { readonly sightings: Pick<SiteSightings, 'lastHeard'>; readonly now: Date },
): Promise<Sites> {
  const heard = await sightings.lastHeard(siteIds);
  const away: Unnamed[] = [];
  const tooOld: Unnamed[] = [];
  for (const siteId of siteIds) {
    const { lastSeenAt = null, capability = 0 } = heard.get(siteId) ?? {};
    if (lastSeenAt === null || now.getTime() - Date.parse(lastSeenAt) > AWAY_AFTER_MS) {
      const detail = lastSeenAt === null ? 'it has never been heard of' : 'it is away';
      away.push({ siteId, lastSeenAt, detail });
    }
    if (lastSeenAt !== null && capability < ability.capability) {
      const detail = `it has capability ${capability}, and ${ability.capability} is asked for: ${ability.without}`;
      tooOld.push({ siteId, lastSeenAt, detail });
    }
  }
  const first = (sites: readonly Unnamed[]) => withNames(sites.slice(0, MOST_NAMED), naming);
  return { concerned: siteIds.length, away: await first(away), tooOld: await first(tooOld) };
}
