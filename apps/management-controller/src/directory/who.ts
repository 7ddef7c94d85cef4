import type { AccessKind } from '@caravan/events';
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

/** The members of every network on a backbone that there still is: those of another are let in nowhere, and say nothing. */
export const membersOnBackbone = (directory: Directory, backboneId: string): string[] =>
  keysOf(directory.members, (member) => member.backboneId === backboneId && directory.networks.has(member.networkId));

export const membersOfNetwork = (directory: Directory, networkId: string): string[] =>
  keysOf(directory.members, (member) => member.networkId === networkId);

export const managementSitesOf = (directory: Directory): string[] => [...directory.managementSites.keys()];

const keysOf = <V>(register: ReadonlyMap<string, V>, holds: (value: V) => boolean): string[] =>
  [...register].filter(([, value]) => holds(value)).map(([key]) => key);
