import { AccessPointAdded, AccessPointAddressed, AccessPointRemoved } from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { AddAccessPoint, AddressAccessPoint, RemoveAccessPoint } from './backbone-commands.js';
import { requireSite } from './backbone-sites.js';
import type { ActiveBackbone } from './backbone-state.js';

export function addAccessPoint(command: AddAccessPoint, state: ActiveBackbone): BackboneEvent[] {
  const { accessPointId, siteId, name, kind, bindHost, bindPort, host, port } = command;
  if (state.accessPoints.has(accessPointId)) return [];
  requireSite(siteId, state);
  for (const other of state.accessPoints.values()) {
    if (other.siteId === siteId && other.name === name) throw new Rejection('access-point.name-taken', { name });
  }
  // Half an address is none: nobody could dial it, and the site's report would silently replace the half that was set.
  if ((host === null) !== (port === null)) throw new Rejection('access-point.address-incomplete', { host, port });
  const { backboneId } = state;
  return [AccessPointAdded({ backboneId, siteId, accessPointId, name, kind, bindHost, bindPort, host, port })];
}

export function addressAccessPoint(command: AddressAccessPoint, state: ActiveBackbone): BackboneEvent[] {
  const { accessPointId, host, port, reportedBy } = command;
  const accessPoint = state.accessPoints.get(accessPointId);
  // A site may speak of its own access points only; another's does not exist for it.
  if (!accessPoint || (reportedBy !== undefined && accessPoint.siteId !== reportedBy)) {
    throw new Rejection('access-point.unknown', { accessPointId });
  }
  if (reportedBy !== undefined && accessPoint.addressedBy === 'operator') return [];
  const source = reportedBy === undefined ? 'operator' : 'site';
  // Set by hand to what the site had reported is still a decision: from then on no report moves it.
  if (accessPoint.host === host && accessPoint.port === port && accessPoint.addressedBy === source) return [];
  const { backboneId } = state;
  return [AccessPointAddressed({ backboneId, siteId: accessPoint.siteId, accessPointId, host, port, source })];
}

export function removeAccessPoint({ accessPointId }: RemoveAccessPoint, state: ActiveBackbone): BackboneEvent[] {
  const accessPoint = state.accessPoints.get(accessPointId);
  if (!accessPoint) throw new Rejection('access-point.unknown', { accessPointId });
  for (const link of state.links.values()) {
    if (link.accessPointId === accessPointId) throw new Rejection('access-point.has-links', { accessPointId });
  }
  return [AccessPointRemoved({ backboneId: state.backboneId, siteId: accessPoint.siteId, accessPointId })];
}
