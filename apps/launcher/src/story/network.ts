import {
  createInvitation,
  createNetwork,
  createSiteClass,
  listInvitations,
  listNetworks,
  listSiteClasses,
} from '@caravan/api';
import type { ApiClient, Network } from '@caravan/api';
import type { StoryBackbone } from './backbone.js';
import { STORY } from './plan.js';

/** Network `retail` with its class and its two invitations, each leading to another backbone site. Found again if it is there. */
export async function makeNetwork(api: ApiClient, { backbone, sites, accessPoints }: StoryBackbone): Promise<Network> {
  const { items } = await api.call(listNetworks, {});
  const network =
    items.find(({ name, backboneId }) => name === STORY.network && backboneId === backbone.id) ??
    (await api.call(createNetwork, { body: { name: STORY.network, backboneId: backbone.id } }));
  const params = { networkId: network.id };

  const classes = (await api.call(listSiteClasses, { params })).items;
  if (!classes.some(({ name }) => name === STORY.siteClass)) {
    await api.call(createSiteClass, { params, body: { name: STORY.siteClass } });
  }
  const existing = (await api.call(listInvitations, { params })).items;
  for (const { name, at, limit, siteClass } of STORY.invitations) {
    if (existing.some((invitation) => invitation.name === name)) continue;
    const siteId = sites.find((site) => site.name === at)?.id;
    const idsOf = (kind: string) =>
      accessPoints
        .filter((accessPoint) => accessPoint.siteId === siteId && accessPoint.kind === kind)
        .map(({ id }) => id);
    await api.call(createInvitation, {
      params,
      body: {
        name,
        instanceLimit: limit,
        siteClasses: siteClass === undefined ? [] : [siteClass],
        claimAccessPoints: idsOf('claim'),
        memberAccessPoints: idsOf('member'),
      },
    });
  }
  return network;
}
