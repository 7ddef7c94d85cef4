import { isDeepStrictEqual } from 'node:util';
import { MOST_PINNED } from '@caravan/data-plane';
import type { LinkCertificate } from '@caravan/events';
import type { Affected } from './affected.js';
import type { OwnedDoor } from './doors.js';
import { noteEntrances } from './entrances.js';
import { admissionId, itemKey, memberLinkId } from './item-ids.js';
import type { AccessPoint, BackboneSite, MemberSite, Model, Pin, SuppliedForLinks } from './model.js';

type Dialler = BackboneSite | MemberSite;

const placeOf = ({ door, ownerId }: OwnedDoor): string => admissionId(door, ownerId);

/** The door by which the links of a site come in, where what is supplied for them counts. */
export const doorOf = (site: Dialler): OwnedDoor =>
  site.kind === 'member' ? { door: 'member', ownerId: site.networkId } : { door: 'peer', ownerId: site.backboneId };

/** From here on these are what the site's operator supplies for its links, and none of those before. */
export function pin(model: Model, siteId: string, supplied: readonly LinkCertificate[], affected: Affected): void {
  const site = model.sites.get(siteId);
  if (site?.kind !== 'member' && site?.kind !== 'backbone') return;
  const owned = doorOf(site);
  // With its network all of it went.
  if (site.kind === 'member' && model.networks.get(site.networkId)?.status !== 'placed') return;
  const [place, before] = [placeOf(owned), site.supplied];
  const after: SuppliedForLinks = new Map(
    supplied.map(({ linkId, fingerprint, certificate }) => [linkId, { fingerprint, certificate }]),
  );
  if (isDeepStrictEqual(before, after)) return;
  const pins = model.pins.get(place) ?? new Map<string, Pin>();
  model.pins.set(place, pins);
  site.supplied = after;
  const now = new Map([...after.values()].map(({ fingerprint, certificate }) => [fingerprint, certificate]));
  for (const { fingerprint } of before.values())
    if (!now.has(fingerprint)) leave(model, pins, fingerprint, siteId, affected);
  for (const [fingerprint, certificate] of now) {
    const there = pins.get(fingerprint);
    if (there?.siteIds.includes(siteId)) continue;
    if (there) there.siteIds.push(siteId);
    else if (pins.size < MOST_PINNED) pins.set(fingerprint, { certificate, siteIds: [siteId] });
  }
  for (const linkId of new Set([...before.keys(), ...site.supplied.keys()])) noteLink(model, site, linkId, affected);
  noteEntrances(model, owned, 'changed', affected);
}

/** Whoever else showed the same has it from now on. */
function leave(model: Model, pins: Map<string, Pin>, fingerprint: string, siteId: string, affected: Affected): void {
  const left = pins.get(fingerprint);
  const index = left?.siteIds.indexOf(siteId) ?? -1;
  if (!left || index < 0) return;
  left.siteIds.splice(index, 1);
  if (left.siteIds.length === 0) return void pins.delete(fingerprint);
  const heir = model.sites.get(left.siteIds[0]!);
  if (index > 0 || (heir?.kind !== 'member' && heir?.kind !== 'backbone')) return;
  for (const [linkId, supplied] of heir.supplied)
    if (supplied.fingerprint === fingerprint) noteLink(model, heir, linkId, affected);
}

/** What is not one of its links is supplied for nothing; and nobody is told of a link before its address is known. */
function noteLink(model: Model, site: Dialler, linkId: string, affected: Affected): void {
  if (ledTo(model, site, linkId)?.address) affected.changed(site.id, itemKey('link', linkId));
}

function ledTo(model: Model, site: Dialler, linkId: string): AccessPoint | undefined {
  const accessPointId =
    site.kind === 'member'
      ? site.accessPoints.find((id) => memberLinkId(id) === linkId)
      : site.links.has(linkId) && model.links.get(linkId)?.accessPointId;
  return accessPointId ? model.accessPoints.get(accessPointId) : undefined;
}

/** The certificates at a door, each with the site whose it is: the first that showed it. */
export const pinnedAt = (model: Model, owned: OwnedDoor): Iterable<Pin> =>
  model.pins.get(placeOf(owned))?.values() ?? [];

/** By what a site is known at the other end of a link besides its own certificate; undefined: by nothing. */
export function suppliedFor(model: Model, site: Dialler, linkId: string): string | undefined {
  const fingerprint = site.supplied.get(linkId)?.fingerprint;
  if (fingerprint === undefined) return undefined;
  return model.pins.get(placeOf(doorOf(site)))?.get(fingerprint)?.siteIds[0] === site.id ? fingerprint : undefined;
}
