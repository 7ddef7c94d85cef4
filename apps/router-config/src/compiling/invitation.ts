import { CLAIM_CERTIFICATE } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { claimLinkId } from '../model/item-ids.js';
import type { Invitation, Model } from '../model/model.js';
import { linkTo } from './link.js';

/** Where whoever holds the invitation may dial in to claim: the preferred the cheapest. */
export const compileInvitation = (model: Model, { networkId, claimAccessPoints }: Invitation): Item[] =>
  claimAccessPoints.flatMap((id, index) => {
    const accessPoint = model.accessPoints.get(id);
    // On another backbone nobody knows the network.
    if (accessPoint?.backboneId !== model.networks.get(networkId)?.backboneId) return [];
    return linkTo(model, accessPoint, {
      id: claimLinkId(id),
      door: 'claim',
      ownerId: networkId,
      certificateId: CLAIM_CERTIFICATE,
      cost: index + 1,
    });
  });
