import { CONTROL_ADDRESS } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { manageAddresses } from '../model/diallers.js';
import { CONTROL_CONNECTOR, manageCertificateId, manageLinkId } from '../model/item-ids.js';
import type { Backbone, ManagementSite, Model } from '../model/model.js';
import { controlOf } from './control.js';
import { linkTo } from './link.js';
import { ownCertificate } from './own-certificate.js';

/** It dials every backbone with a certificate of that backbone, and answers there for `caravan.control`. */
export function compileManagementSite(model: Model, { controlHost, controlPort, ordinal }: ManagementSite): Item[] {
  return [
    ...controlOf(model),
    ...ownCertificate(ordinal),
    {
      kind: 'connector',
      id: CONTROL_CONNECTOR,
      networkId: null,
      address: CONTROL_ADDRESS,
      host: controlHost,
      port: controlPort,
    },
    ...[...model.backbones.values()].flatMap((backbone) => manageItems(model, backbone)),
  ];
}

function manageItems(model: Model, { id: backboneId, manageOrdinal }: Backbone): Item[] {
  const accessPoints = [...manageAddresses(model, backboneId)];
  if (accessPoints.length === 0) return [];
  const certificateId = manageCertificateId(backboneId);
  return [
    { kind: 'certificate', id: certificateId, purpose: 'manage-link', ordinal: manageOrdinal, hosts: [] },
    ...accessPoints.flatMap((accessPoint) =>
      linkTo(model, accessPoint, {
        id: manageLinkId(accessPoint.id),
        door: 'manage',
        ownerId: backboneId,
        certificateId,
        cost: 1,
      }),
    ),
  ];
}
