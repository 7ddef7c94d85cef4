import { LinkAdded, LinkCostChanged, LinkRemoved } from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { AddLink, ChangeLinkCost, RemoveLink } from './backbone-commands.js';
import { requireSite } from './backbone-sites.js';
import type { ActiveBackbone } from './backbone-state.js';

export function addLink({ linkId, siteId, accessPointId, cost }: AddLink, state: ActiveBackbone): BackboneEvent[] {
  if (state.links.has(linkId)) return [];
  requireSite(siteId, state);
  const accessPoint = state.accessPoints.get(accessPointId);
  if (!accessPoint) throw new Rejection('access-point.unknown', { accessPointId });
  if (accessPoint.kind !== 'peer') throw new Rejection('link.not-a-peer-access-point', { kind: accessPoint.kind });
  const acceptingSiteId = accessPoint.siteId;
  if (acceptingSiteId === siteId) throw new Rejection('link.to-itself', { siteId });
  for (const link of state.links.values()) {
    // One link between two sites, whoever dials: a second one would carry nothing that the first does not.
    const ends = [link.siteId, link.acceptingSiteId];
    if (ends.includes(siteId) && ends.includes(acceptingSiteId)) {
      throw new Rejection('link.exists-already', { siteId, acceptingSiteId });
    }
  }
  return [LinkAdded({ backboneId: state.backboneId, linkId, siteId, accessPointId, acceptingSiteId, cost })];
}

export function changeLinkCost({ linkId, cost }: ChangeLinkCost, state: ActiveBackbone): BackboneEvent[] {
  const link = requireLink(linkId, state);
  return link.cost === cost ? [] : [LinkCostChanged({ backboneId: state.backboneId, linkId, cost })];
}

export function removeLink({ linkId }: RemoveLink, state: ActiveBackbone): BackboneEvent[] {
  requireLink(linkId, state);
  return [LinkRemoved({ backboneId: state.backboneId, linkId })];
}

function requireLink(linkId: string, state: ActiveBackbone) {
  const link = state.links.get(linkId);
  if (!link) throw new Rejection('link.unknown', { linkId });
  return link;
}
