import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { Affected } from './affected.js';
import { noteManageCertificate } from './diallers.js';
import { accessPointCertificateId, itemKey } from './item-ids.js';
import type { AccessPoint, Model } from './model.js';

/** Certificates that shall be held from now on. Ordinals only grow: whoever wants less than there is wants nothing new. */

/** What a site is known by. */
export function renewSite(model: Model, siteId: string, ordinal: number | 'next', affected: Affected): void {
  const site = model.sites.get(siteId);
  if (!site || site.kind === 'removed') return;
  const wanted = ordinal === 'next' ? site.ordinal + 1 : ordinal;
  if (wanted <= site.ordinal) return;
  site.ordinal = wanted;
  affected.changed(siteId, itemKey('certificate', SITE_CERTIFICATE));
}

/** One without a host has never had a certificate; its first will be new enough. */
export function renewAccessPoint(accessPoint: AccessPoint, ordinal: number | 'next', affected: Affected): void {
  const wanted = ordinal === 'next' ? accessPoint.ordinal + 1 : ordinal;
  if (accessPoint.certificateHost === undefined || wanted <= accessPoint.ordinal) return;
  accessPoint.ordinal = wanted;
  affected.changed(accessPoint.siteId, itemKey('certificate', accessPointCertificateId(accessPoint.id)));
}

/** What the management plane dials a backbone with. */
export function renewManageLinks(model: Model, backboneId: string, ordinal: number | 'next', affected: Affected): void {
  const backbone = model.backbones.get(backboneId);
  const wanted = ordinal === 'next' ? (backbone?.manageOrdinal ?? 0) + 1 : ordinal;
  if (!backbone || wanted <= backbone.manageOrdinal) return;
  backbone.manageOrdinal = wanted;
  noteManageCertificate(model, backboneId, 'changed', affected);
}
