import {
  BackboneCreated,
  BackboneDeleted,
  BackboneRenamed,
  BackboneSiteAdded,
  BackboneSiteRemoved,
  BackboneSiteRenamed,
  LinkAdded,
  LinkCostChanged,
  LinkRemoved,
  NetworkPlaced,
  NetworkWithdrawn,
} from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import { forgetLink, onAccessPoint, removeAccessPoint } from './access-point-events.js';
import type { Affected } from './affected.js';
import { noteControl } from './control.js';
import { denyHolder } from './denials.js';
import { noteEntrances } from './entrances.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import { itemKey } from './item-ids.js';
import { FIRST_ORDINAL, NO_PROOF } from './model.js';
import type { BackboneSite, Model } from './model.js';
import { endNetwork, placeNetwork } from './networks.js';
import { pin } from './pins.js';

export const onBackbone: HandlersOf<BackboneEvent> = {
  ...onAccessPoint,

  [BackboneCreated.type](model, { backboneId }) {
    if (model.backbones.has(backboneId)) return;
    const nobody = { sites: new Set<string>(), networks: new Set<string>(), removedSites: new Set<string>() };
    model.backbones.set(backboneId, { id: backboneId, ...nobody, manageOrdinal: FIRST_ORDINAL });
  },
  [BackboneRenamed.type]: nothing,
  [BackboneDeleted.type](model, { backboneId }, affected) {
    // Its decider lets it go only when it is empty; what a log says otherwise must not leave sites behind that trust nothing.
    const backbone = model.backbones.get(backboneId);
    if (!backbone) return;
    for (const networkId of backbone.networks) endNetwork(model, networkId, affected);
    for (const siteId of backbone.sites) removeBackboneSite(model, siteId, affected);
    model.backbones.delete(backboneId);
  },

  [BackboneSiteAdded.type](model, { backboneId, siteId }, affected) {
    const backbone = model.backbones.get(backboneId);
    if (!backbone || model.sites.has(siteId)) return;
    backbone.sites.add(siteId);
    const nothingYet = {
      accessPoints: new Set<string>(),
      links: new Set<string>(),
      ordinal: FIRST_ORDINAL,
      proof: NO_PROOF,
      supplied: new Map(),
    };
    model.sites.set(siteId, { kind: 'backbone', id: siteId, backboneId, ...nothingYet });
    noteControl(model, siteId, 'changed', affected);
  },
  [BackboneSiteRenamed.type]: nothing,
  [BackboneSiteRemoved.type](model, { siteId }, affected) {
    removeBackboneSite(model, siteId, affected);
  },

  [LinkAdded.type](model, { linkId, siteId, accessPointId, cost }, affected) {
    const site = model.sites.get(siteId);
    const accessPoint = model.accessPoints.get(accessPointId);
    if (site?.kind !== 'backbone' || !accessPoint || model.links.has(linkId)) return;
    // A relay of another backbone would be offered every network of this one.
    if (accessPoint.kind !== 'peer' || accessPoint.backboneId !== site.backboneId) return;
    model.links.set(linkId, { id: linkId, siteId, accessPointId, cost });
    site.links.add(linkId);
    accessPoint.dialledBy.links.add(linkId);
    if (accessPoint.address) affected.changed(siteId, itemKey('link', linkId));
  },
  [LinkCostChanged.type](model, { linkId, cost }, affected) {
    const link = model.links.get(linkId);
    if (!link || link.cost === cost) return;
    link.cost = cost;
    affected.changed(link.siteId, itemKey('link', linkId));
  },
  [LinkRemoved.type](model, { linkId }, affected) {
    const link = model.links.get(linkId);
    if (!link) return;
    forgetLink(model, linkId);
    affected.gone(link.siteId, itemKey('link', linkId));
  },

  [NetworkPlaced.type](model, placed, affected) {
    placeNetwork(model, placed, affected);
  },
  [NetworkWithdrawn.type](model, { networkId }, affected) {
    endNetwork(model, networkId, affected);
  },
};

export function removeBackboneSite(model: Model, siteId: string, affected: Affected): void {
  const site = model.sites.get(siteId);
  if (site?.kind !== 'backbone') return;
  pin(model, siteId, [], affected);
  for (const id of site.accessPoints) {
    const accessPoint = model.accessPoints.get(id);
    if (accessPoint) removeAccessPoint(model, accessPoint, affected);
  }
  for (const linkId of site.links) forgetLink(model, linkId);
  model.sites.set(siteId, { kind: 'removed', id: siteId });
  affected.removed(siteId);
  denySite(model, site, affected);
}

/** Its certificate, and a bundle that was never used, outlive the site: every peer refuses them from now on. */
function denySite(model: Model, { id, backboneId }: BackboneSite, affected: Affected): void {
  const backbone = model.backbones.get(backboneId);
  if (!backbone) return;
  backbone.sites.delete(id);
  denyHolder(model, backbone.removedSites, id);
  noteEntrances(model, { door: 'peer', ownerId: backboneId }, 'changed', affected);
  noteEntrances(model, { door: 'bootstrap', ownerId: backboneId }, 'changed', affected);
}
