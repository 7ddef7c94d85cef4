import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { AccessPointItem, CertificateItem, Item } from '@caravan/data-plane';
import { kindsOf } from '../model/doors.js';
import { accessPointCertificateId } from '../model/item-ids.js';
import type { AccessPoint, BackboneSite, Model } from '../model/model.js';
import { suppliedFor } from '../model/pins.js';
import { admissionsOf } from './admissions.js';
import { controlOf } from './control.js';
import { linkTo } from './link.js';
import { ownCertificate } from './own-certificate.js';

export function compileBackboneSite(model: Model, site: BackboneSite): Item[] {
  const backbone = model.backbones.get(site.backboneId);
  if (!backbone) return [];
  return [
    ...controlOf(model),
    ...ownCertificate(site.ordinal),
    ...accessPointsOf(model, site).flatMap((accessPoint) => [
      accessPointItem(accessPoint, accessPointCertificateId(accessPoint.id)),
      ...certificateItem(accessPoint),
    ]),
    ...[...kindsOf(model, site)].flatMap((kind) => admissionsOf(model, backbone, kind)),
    ...linksOf(model, site),
  ];
}

export const accessPointsOf = (model: Model, site: BackboneSite): AccessPoint[] =>
  [...site.accessPoints].flatMap((id) => model.accessPoints.get(id) ?? []);

export const accessPointItem = (accessPoint: AccessPoint, certificateId: string): AccessPointItem => ({
  kind: 'access-point',
  id: accessPoint.id,
  access: accessPoint.kind,
  bindHost: accessPoint.bindHost,
  bindPort: accessPoint.bindPort,
  certificateId,
});

/** Not before a host is known: a certificate without one proves nothing to a dialler. */
function certificateItem({ id, certificateHost, ordinal }: AccessPoint): CertificateItem[] {
  if (certificateHost === undefined) return [];
  const hosts = [certificateHost];
  return [{ kind: 'certificate', id: accessPointCertificateId(id), purpose: 'access-point', ordinal, hosts }];
}

const linksOf = (model: Model, site: BackboneSite): Item[] =>
  [...site.links].flatMap((linkId) => {
    const link = model.links.get(linkId);
    if (!link) return [];
    return linkTo(model, model.accessPoints.get(link.accessPointId), {
      id: link.id,
      door: 'peer',
      ownerId: site.backboneId,
      certificateId: SITE_CERTIFICATE,
      suppliedFingerprint: suppliedFor(model, site, link.id),
      cost: link.cost,
    });
  });
