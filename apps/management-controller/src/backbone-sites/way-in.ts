import { Rejection } from '@caravan/event-store';
import type { BackboneSiteRow } from '../backbones/backbone-site.projection.js';
import { addressUnknown, hasAddress, SAY_WHERE } from '../backbones/addresses.js';
import type { ReadModels } from '../read-models/read-models.js';

/**
 * A new site is dialled at its `manage` access points, or dials the ends of its links: one of them must have an address, or nobody
 * would ever hear of it. A site that has neither is on paper only, and so is its bundle.
 * @throws Rejection `bundle.no-address-yet`
 */
export async function requireWayIn(readModels: ReadModels, site: BackboneSiteRow): Promise<void> {
  const { accessPoints, links } = readModels;
  const managed = await accessPoints.all({ siteId: site.id, kind: 'manage' });
  const dialled = await Promise.all(
    (await links.all({ siteId: site.id })).map(({ accessPointId }) => accessPoints.find({ id: accessPointId })),
  );
  const ways = [...managed, ...dialled].filter((way) => way !== null);
  if (ways.length === 0 || ways.some(hasAddress)) return;
  const detail = `Nobody would ever hear of ${site.name}: ${await addressUnknown(readModels, ways)}. ${SAY_WHERE}.`;
  throw new Rejection('bundle.no-address-yet', { detail });
}
