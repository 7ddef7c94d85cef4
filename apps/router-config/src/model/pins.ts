import { isDeepStrictEqual } from 'node:util';
import { MOST_PINNED } from '@caravan/data-plane';
import type { LinkCertificate } from '@caravan/events';
import type { Affected } from './affected.js';
import type { OwnedDoor } from './doors.js';
import { noteEntrances } from './entrances.js';
import { admissionId, itemKey, memberLinkId } from './item-ids.js';
import type { AccessPoint, BackboneSite, MemberSite, Model, Pins, Site, SuppliedForLinks } from './model.js';

type Dialler = BackboneSite | MemberSite;

const isDialler = (site: Site | undefined): site is Dialler => site?.kind === 'member' || site?.kind === 'backbone';

const placeOf = ({ door, ownerId }: OwnedDoor): string => admissionId(door, ownerId);

/** The door by which the links of a site come in, where what is supplied for them counts. */
export const doorOf = (site: Dialler): OwnedDoor =>
  site.kind === 'member' ? { door: 'member', ownerId: site.networkId } : { door: 'peer', ownerId: site.backboneId };

/** From here on these are what the site's operator supplies for its links, and none of those before. */
export function pin(model: Model, siteId: string, supplied: readonly LinkCertificate[], affected: Affected): void {
  const site = model.sites.get(siteId);
  if (!isDialler(site)) return;
  const owned = doorOf(site);
  // With its network all of it went.
  if (site.kind === 'member' && model.networks.get(site.networkId)?.status !== 'placed') return;
  const [place, before] = [placeOf(owned), site.supplied];
  const after: SuppliedForLinks = new Map(
    supplied.map(({ linkId, fingerprint, certificate }) => [linkId, { fingerprint, certificate }]),
  );
  if (isDeepStrictEqual(before, after)) return;
  const pins: Pins = model.pins.get(place) ?? new Map<string, string[]>();
  model.pins.set(place, pins);
  const shownBefore = shownBy(site);
  site.supplied = after;
  const shown = shownBy(site);
  const wasFull = pins.size >= MOST_PINNED;
  for (const fingerprint of shownBefore) if (!shown.has(fingerprint)) leave(model, pins, fingerprint, siteId, affected);
  for (const fingerprint of shown) join(pins, fingerprint, siteId);
  for (const linkId of new Set([...before.keys(), ...after.keys()])) noteLink(model, site, linkId, affected);
  if (wasFull && pins.size < MOST_PINNED) fill(model, place, pins, affected);
  noteEntrances(model, owned, 'changed', affected);
}

/**
 * The fingerprints of what a site shows when it dials. A member's links came with it, and what is supplied for others is for nothing; those of a
 * backbone site come and go.
 */
function shownBy(site: Dialler): ReadonlySet<string> {
  const links = site.kind === 'member' ? new Set(site.accessPoints.map(memberLinkId)) : undefined;
  const shown = [...site.supplied].filter(([linkId]) => links?.has(linkId) ?? true);
  return new Set(shown.map(([, { fingerprint }]) => fingerprint));
}

/** Answers whether it is this site's now. Who finds the door full waits until there is room. */
function join(pins: Pins, fingerprint: string, siteId: string): boolean {
  const there = pins.get(fingerprint);
  if (there?.includes(siteId)) return false;
  if (there) there.push(siteId);
  else if (pins.size < MOST_PINNED) pins.set(fingerprint, [siteId]);
  return pins.get(fingerprint)?.[0] === siteId;
}

/** Whoever else showed the same has it from now on. */
function leave(model: Model, pins: Pins, fingerprint: string, siteId: string, affected: Affected): void {
  const siteIds = pins.get(fingerprint);
  const index = siteIds?.indexOf(siteId) ?? -1;
  if (!siteIds || index < 0) return;
  siteIds.splice(index, 1);
  if (siteIds.length === 0) return void pins.delete(fingerprint);
  if (index === 0) noteShown(model, model.sites.get(siteIds[0]!), fingerprint, affected);
}

/** The door was full, and is not: whoever waited gets a place, as long as there are some. */
function fill(model: Model, place: string, pins: Pins, affected: Affected): void {
  for (const site of model.sites.values()) {
    if (!isDialler(site) || placeOf(doorOf(site)) !== place) continue;
    for (const fingerprint of shownBy(site))
      if (join(pins, fingerprint, site.id)) noteShown(model, site, fingerprint, affected);
  }
}

function noteShown(model: Model, site: Site | undefined, fingerprint: string, affected: Affected): void {
  if (!isDialler(site)) return;
  for (const [linkId, supplied] of site.supplied)
    if (supplied.fingerprint === fingerprint) noteLink(model, site, linkId, affected);
}

/** Nobody is told of a link that there is not, nor before its address is known. */
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

/** The certificates at a door, each with the site whose it is, as that site supplied it: never as another did who said that it had the same. */
export function pinnedAt(model: Model, owned: OwnedDoor): { readonly siteId: string; readonly certificate: string }[] {
  return [...(model.pins.get(placeOf(owned)) ?? [])].flatMap(([fingerprint, [siteId = '']]) => {
    const site = model.sites.get(siteId);
    const supplied = isDialler(site) ? [...site.supplied.values()] : [];
    const certificate = supplied.find((each) => each.fingerprint === fingerprint)?.certificate;
    return certificate === undefined ? [] : [{ siteId, certificate }];
  });
}

/** By what a site is known at the other end of a link besides its own certificate; undefined: by nothing. */
export function suppliedFor(model: Model, site: Dialler, linkId: string): string | undefined {
  const fingerprint = site.supplied.get(linkId)?.fingerprint;
  if (fingerprint === undefined) return undefined;
  return model.pins.get(placeOf(doorOf(site)))?.get(fingerprint)?.[0] === site.id ? fingerprint : undefined;
}
