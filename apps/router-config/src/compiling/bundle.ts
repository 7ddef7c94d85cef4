import { BOOTSTRAP_CERTIFICATE } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import type { BackboneSite, Model } from '../model/model.js';
import { admissionsOf } from './admissions.js';
import { accessPointItem, accessPointsOf } from './backbone-site.js';
import { linkTo } from './link.js';

/**
 * What a new backbone site needs before it knows anything: the management plane dials it at its `manage` access points, or it
 * dials a peer by the bootstrap door. Its one certificate is the bundle's, at either end.
 */
export function compileBundle(model: Model, site: BackboneSite): Item[] {
  const backbone = model.backbones.get(site.backboneId);
  if (!backbone) return [];
  const managed = accessPointsOf(model, site).filter(({ kind }) => kind === 'manage');
  return [
    ...managed.map((accessPoint) => accessPointItem(accessPoint, BOOTSTRAP_CERTIFICATE)),
    ...(managed.length > 0 ? admissionsOf(model, backbone, 'manage') : []),
    ...[...site.links].flatMap((linkId) => {
      const link = model.links.get(linkId);
      if (!link) return [];
      return linkTo(model, model.accessPoints.get(link.accessPointId), {
        id: link.id,
        door: 'bootstrap',
        ownerId: site.backboneId,
        certificateId: BOOTSTRAP_CERTIFICATE,
        cost: link.cost,
      });
    }),
  ];
}
