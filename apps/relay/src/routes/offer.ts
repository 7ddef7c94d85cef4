import { addressSchema, CONTROL_ADDRESS } from '@caravan/data-plane';
import { z } from 'zod';
import type { Facet } from '../links/facet.js';
import { limits } from '../limits.js';
import type { Scope } from './scope.js';
import { CONTROL_SCOPE, fitsScope, networkScope, scopeSchema } from './scope.js';

/** One address that a neighbour reaches. `path`: the sites behind it, nearest first; what cuts loops (a path vector). */
const siteId = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/);
const keySchema = z.object({ scope: scopeSchema, address: addressSchema });
export const offerSchema = keySchema.extend({
  cost: z.int().min(0).max(1_000_000_000),
  path: z.array(siteId).max(limits.hops),
});
export type Offer = z.infer<typeof offerSchema>;
export type RouteKey = z.infer<typeof keySchema>;

/** One line of the offers' stream. Unknown members are ignored: a later relay may say more. */
export const offersLineSchema = z.object({
  set: z.array(offerSchema).max(limits.offersPerWireLine).default([]),
  gone: z.array(keySchema).max(limits.offersPerWireLine).default([]),
});
export type OffersLine = z.infer<typeof offersLineSchema>;

/**
 * What an offer means on the line it was heard on; undefined when it does not count there. On a member's link the scope is
 * the link's, whatever it says, and nobody is behind a member.
 */
export function heardOffer(facet: Facet, scope: Scope | undefined, selfId: string, offer: Offer): Offer | undefined {
  const isControl = offer.address === CONTROL_ADDRESS;
  switch (facet.hears) {
    case 'nothing':
      return undefined;
    case 'control':
      return isControl ? { ...offer, scope: CONTROL_SCOPE, path: [] } : undefined;
    case 'network':
      return isControl || scope === undefined ? undefined : { ...offer, scope, path: [] };
    case 'backbone':
      return fitsScope(offer.scope, offer.address) && offer.path.length > 0 && !offer.path.includes(selfId)
        ? offer
        : undefined;
  }
}

/** The scope of a link's own network; undefined for links that have none. */
export const ownScope = (reach: { kind: string; networkId?: string }): Scope | undefined =>
  reach.networkId === undefined ? undefined : networkScope(reach.networkId);
