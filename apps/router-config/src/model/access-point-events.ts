import { AccessPointAdded, AccessPointAddressed, AccessPointRemoved } from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import type { Affected, Effect } from './affected.js';
import { canBeManaged, noteDiallers, noteManageCertificate } from './diallers.js';
import { doorsOf, kindsOf } from './doors.js';
import type { HandlersOf } from './handlers.js';
import { bareHost, certificateHostOf } from './hosts.js';
import { accessPointCertificateId, admissionId, itemKey } from './item-ids.js';
import { FIRST_ORDINAL } from './model.js';
import type { AccessPoint, BackboneSite, Model } from './model.js';

type AccessPointEvent = Extract<BackboneEvent, { type: `AccessPoint${string}` }>;

export const onAccessPoint: HandlersOf<AccessPointEvent> = {
  [AccessPointAdded.type](model, data, affected) {
    const site = model.sites.get(data.siteId);
    if (site?.kind !== 'backbone' || model.accessPoints.has(data.accessPointId)) return;
    const accessPoint: AccessPoint = {
      id: data.accessPointId,
      siteId: site.id,
      backboneId: site.backboneId,
      kind: data.kind,
      bindHost: data.bindHost,
      bindPort: data.bindPort,
      address: undefined,
      certificateHost: certificateHostOf(data.host, data.bindHost),
      ordinal: FIRST_ORDINAL,
      dialledBy: { links: new Set(), members: new Set() },
    };
    const first = !kindsOf(model, site).has(data.kind);
    model.accessPoints.set(accessPoint.id, accessPoint);
    site.accessPoints.add(accessPoint.id);
    if (first) noteDoors(model, site, data.kind, 'changed', affected);
    affected.changed(site.id, itemKey('access-point', accessPoint.id));
    if (accessPoint.certificateHost !== undefined) noteCertificate(accessPoint, 'changed', affected);
    if (data.host !== null && data.port !== null) moveTo(model, accessPoint, data.host, data.port, affected);
  },

  [AccessPointAddressed.type](model, { accessPointId, host, port }, affected) {
    const accessPoint = model.accessPoints.get(accessPointId);
    if (!accessPoint) return;
    const certificateHost = certificateHostOf(host, accessPoint.bindHost);
    if (certificateHost !== accessPoint.certificateHost) {
      // Another host needs another certificate, which the site asks for because the ordinal grew.
      if (accessPoint.certificateHost !== undefined) accessPoint.ordinal += 1;
      accessPoint.certificateHost = certificateHost;
      noteCertificate(accessPoint, 'changed', affected);
    }
    moveTo(model, accessPoint, host, port, affected);
  },

  [AccessPointRemoved.type](model, { accessPointId }, affected) {
    const accessPoint = model.accessPoints.get(accessPointId);
    if (accessPoint) removeAccessPoint(model, accessPoint, affected);
  },
};

/** Takes it away with all that led to it. Its id never comes back, so neither do the links. */
export function removeAccessPoint(model: Model, accessPoint: AccessPoint, affected: Affected): void {
  const { id, backboneId } = accessPoint;
  noteDiallers(model, accessPoint, 'gone', affected);
  for (const linkId of accessPoint.dialledBy.links) forgetLink(model, linkId);
  model.accessPoints.delete(id);
  if (accessPoint.kind === 'manage' && accessPoint.address && !canBeManaged(model, backboneId)) {
    noteManageCertificate(model, backboneId, 'gone', affected);
  }
  const site = model.sites.get(accessPoint.siteId);
  if (site?.kind !== 'backbone') return;
  site.accessPoints.delete(id);
  affected.gone(site.id, itemKey('access-point', id));
  noteCertificate(accessPoint, 'gone', affected);
  if (!kindsOf(model, site).has(accessPoint.kind)) noteDoors(model, site, accessPoint.kind, 'gone', affected);
}

export function forgetLink(model: Model, linkId: string): void {
  const link = model.links.get(linkId);
  if (!link) return;
  model.links.delete(linkId);
  model.accessPoints.get(link.accessPointId)?.dialledBy.links.delete(linkId);
  const site = model.sites.get(link.siteId);
  if (site?.kind === 'backbone') site.links.delete(linkId);
}

function moveTo(model: Model, accessPoint: AccessPoint, host: string, port: number, affected: Affected): void {
  const { address, backboneId, kind } = accessPoint;
  const moved = { host: bareHost(host), port };
  if (address?.host === moved.host && address.port === moved.port) return;
  const couldBeManaged = canBeManaged(model, backboneId);
  accessPoint.address = moved;
  noteDiallers(model, accessPoint, 'changed', affected);
  if (kind === 'manage' && !couldBeManaged) noteManageCertificate(model, backboneId, 'changed', affected);
}

function noteCertificate(accessPoint: AccessPoint, effect: Effect, affected: Affected): void {
  affected.note(effect, accessPoint.siteId, itemKey('certificate', accessPointCertificateId(accessPoint.id)));
}

/** All doors of a kind open with a site's first access point of that kind, and close with its last. */
function noteDoors(model: Model, site: BackboneSite, kind: AccessPoint['kind'], effect: Effect, affected: Affected) {
  const backbone = model.backbones.get(site.backboneId);
  if (!backbone) return;
  for (const { door, ownerId } of doorsOf(backbone, kind)) {
    affected.note(effect, site.id, itemKey('admission', admissionId(door, ownerId)));
  }
}
