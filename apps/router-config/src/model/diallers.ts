import type { Affected, Effect } from './affected.js';
import { itemKey, manageCertificateId, manageLinkId, memberLinkId } from './item-ids.js';
import type { AccessPoint, Model } from './model.js';

/** Concerns the link items of whoever dials the access point: backbone sites, members, the management plane. */
export function noteDiallers(model: Model, accessPoint: AccessPoint, effect: Effect, affected: Affected): void {
  for (const linkId of accessPoint.dialledBy.links) {
    const link = model.links.get(linkId);
    if (link) affected.note(effect, link.siteId, itemKey('link', linkId));
  }
  const memberLink = itemKey('link', memberLinkId(accessPoint.id));
  for (const memberId of accessPoint.dialledBy.members) affected.note(effect, memberId, memberLink);
  if (accessPoint.kind !== 'manage') return;
  const manageLink = itemKey('link', manageLinkId(accessPoint.id));
  for (const siteId of model.managementSites) affected.note(effect, siteId, manageLink);
}

/** The management plane holds one certificate for each backbone that it can dial, from the first such address to the last. */
export function noteManageCertificate(model: Model, backboneId: string, effect: Effect, affected: Affected): void {
  const certificate = itemKey('certificate', manageCertificateId(backboneId));
  for (const siteId of model.managementSites) affected.note(effect, siteId, certificate);
}

/** The `manage` access points of a backbone that can be dialled. */
export function* manageAddresses(model: Model, backboneId: string): Generator<AccessPoint> {
  for (const siteId of model.backbones.get(backboneId)?.sites ?? []) {
    const site = model.sites.get(siteId);
    if (site?.kind !== 'backbone') continue;
    for (const id of site.accessPoints) {
      const accessPoint = model.accessPoints.get(id);
      if (accessPoint?.kind === 'manage' && accessPoint.address) yield accessPoint;
    }
  }
}

export const canBeManaged = (model: Model, backboneId: string): boolean =>
  manageAddresses(model, backboneId).next().done === false;
