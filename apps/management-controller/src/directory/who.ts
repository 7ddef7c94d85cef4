import type { AccessKind } from '@caravan/events';
import { phaseOf } from '../networks/window.js';
import type { Directory } from './directory.js';

/** The sites of a backbone that have joined; those with an access point of one of these kinds, if that matters. */
export function relaysOf(directory: Directory, backboneId: string, kinds?: readonly AccessKind[]): string[] {
  const relays = keysOf(directory.backboneSites, (site) => site.backboneId === backboneId && site.enrolled);
  if (!kinds) return relays;
  const entrances = new Set(
    [...directory.accessPoints.values()].flatMap(({ siteId, kind }) => (kinds.includes(kind) ? siteId : [])),
  );
  return relays.filter((siteId) => entrances.has(siteId));
}

export const membersOnBackbone = (directory: Directory, backboneId: string): string[] =>
  keysOf(directory.members, (member) => member.backboneId === backboneId);

/** The members that may dial any of these access points. */
export const membersDialling = (directory: Directory, accessPointIds: ReadonlySet<string>): string[] =>
  keysOf(directory.members, ({ accessPoints }) => accessPoints.some((id) => accessPointIds.has(id)));

/** Those whose every way in is among these. */
export const membersOnlyBy = (directory: Directory, accessPointIds: ReadonlySet<string>): string[] =>
  keysOf(
    directory.members,
    ({ accessPoints }) => accessPoints.length > 0 && accessPoints.every((id) => accessPointIds.has(id)),
  );

/** The access points of a backbone site. */
export const accessPointsOf = (directory: Directory, siteId: string): ReadonlySet<string> =>
  new Set(keysOf(directory.accessPoints, (accessPoint) => accessPoint.siteId === siteId));

export const membersOfNetwork = (directory: Directory, networkId: string): string[] =>
  keysOf(directory.members, (member) => member.networkId === networkId);

/**
 * Those of them of whom something can be heard: who was removed says nothing, and neither does the member of a network that was removed or is over,
 * which is let in nowhere. That of one that is suspended is away, and comes back.
 */
export const reachable = (directory: Directory, siteIds: readonly string[], now: Date): string[] =>
  siteIds.filter((siteId) => {
    const member = directory.members.peek(siteId);
    const { backboneSites, managementSites } = directory;
    if (!member) return backboneSites.peek(siteId) !== undefined || managementSites.peek(siteId) !== undefined;
    const network = directory.networks.peek(member.networkId);
    return network !== undefined && phaseOf(network, now) !== 'ended';
  });

/** Whether there is an access point at which the management plane may dial a site, or any site of a backbone. */
export const isManaged = (
  directory: Directory,
  of: { readonly siteId: string } | { readonly backboneId: string },
): boolean =>
  [...directory.accessPoints.values()].some(
    ({ kind, siteId, backboneId }) =>
      kind === 'manage' && ('siteId' in of ? siteId === of.siteId : backboneId === of.backboneId),
  );

export const managementSitesOf = (directory: Directory): string[] => [...directory.managementSites.keys()];

const keysOf = <V>(register: ReadonlyMap<string, V>, holds: (value: V) => boolean): string[] =>
  [...register].filter(([, value]) => holds(value)).map(([key]) => key);
