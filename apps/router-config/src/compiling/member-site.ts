import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { memberLinkId } from '../model/item-ids.js';
import type { MemberSite, Model } from '../model/model.js';
import { suppliedFor } from '../model/pins.js';
import { controlOf } from './control.js';
import { connectorItem, listenerItem } from './endpoints.js';
import { linkTo } from './link.js';
import { ownCertificate } from './own-certificate.js';

/** Its links, the preferred the cheapest, and what the participant opened. Nothing once its network has ended. */
export function compileMemberSite(model: Model, member: MemberSite): Item[] {
  const { networkId, accessPoints, listeners, connectors, ordinal } = member;
  if (model.networks.get(networkId)?.status !== 'placed') return [];
  return [
    ...controlOf(model),
    ...ownCertificate(ordinal),
    ...accessPoints.flatMap((id, index) =>
      linkTo(model, model.accessPoints.get(id), {
        id: memberLinkId(id),
        door: 'member',
        ownerId: networkId,
        certificateId: SITE_CERTIFICATE,
        suppliedFingerprint: suppliedFor(model, member, memberLinkId(id)),
        // By the place in the list, whoever else can be reached: an address that becomes known changes no other link.
        cost: index + 1,
      }),
    ),
    ...[...listeners].map(([id, listener]) => listenerItem(id, networkId, listener)),
    ...[...connectors].map(([id, connector]) => connectorItem(id, networkId, connector)),
  ];
}
