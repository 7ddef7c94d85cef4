import {
  createAccessPoint,
  createBackbone,
  createBackboneSite,
  createLink,
  listAccessPoints,
  listBackbones,
  listBackboneSites,
  listLinks,
} from '@caravan/api';
import type { AccessPoint, ApiClient, Backbone, BackboneSite } from '@caravan/api';
import type { PortBook } from '@caravan/installation';
import { STORY } from './plan.js';

const LOOPBACK = '127.0.0.1';
const KINDS = ['manage', 'peer', 'claim', 'member'] as const;

export interface StoryBackbone {
  readonly backbone: Backbone;
  readonly sites: readonly BackboneSite[];
  readonly accessPoints: readonly AccessPoint[];
}

/** Backbone `demo`: two sites, each with an access point of every kind, the second dialling the first. Found again if it is there. */
export async function makeBackbone(api: ApiClient, ports: PortBook): Promise<StoryBackbone> {
  const { items } = await api.call(listBackbones, {});
  const backbone =
    items.find(({ name }) => name === STORY.backbone) ??
    (await api.call(createBackbone, { body: { name: STORY.backbone } }));
  const params = { backboneId: backbone.id };

  const existing = (await api.call(listBackboneSites, { params })).items;
  const sites: BackboneSite[] = [];
  for (const name of STORY.sites) {
    sites.push(
      existing.find((site) => site.name === name) ?? (await api.call(createBackboneSite, { params, body: { name } })),
    );
  }
  const accessPoints = await makeAccessPoints(api, ports, backbone, sites);
  await linkSites(api, backbone, sites, accessPoints);
  return { backbone, sites, accessPoints };
}

async function makeAccessPoints(
  api: ApiClient,
  ports: PortBook,
  { id: backboneId }: Backbone,
  sites: readonly BackboneSite[],
): Promise<AccessPoint[]> {
  const existing = (await api.call(listAccessPoints, { params: { backboneId } })).items;
  const accessPoints: AccessPoint[] = [];
  for (const site of sites) {
    for (const kind of KINDS) {
      const found = existing.find((accessPoint) => accessPoint.siteId === site.id && accessPoint.kind === kind);
      accessPoints.push(found ?? (await makeAccessPoint(api, ports, site, kind)));
    }
  }
  return accessPoints;
}

async function makeAccessPoint(
  api: ApiClient,
  ports: PortBook,
  site: BackboneSite,
  kind: (typeof KINDS)[number],
): Promise<AccessPoint> {
  const bindPort = await ports.choose(`${site.name} ${kind}`);
  // The management plane must know where to dial before the site can tell; the others the site reports.
  const address = kind === 'manage' ? { host: LOOPBACK, port: bindPort } : {};
  return api.call(createAccessPoint, {
    params: { backboneId: site.backboneId, siteId: site.id },
    body: { name: kind, kind, bindHost: LOOPBACK, bindPort, ...address },
  });
}

async function linkSites(
  api: ApiClient,
  { id: backboneId }: Backbone,
  [accepting, dialling]: readonly BackboneSite[],
  accessPoints: readonly AccessPoint[],
): Promise<void> {
  const { items } = await api.call(listLinks, { params: { backboneId } });
  const peer = accessPoints.find(({ siteId, kind }) => siteId === accepting?.id && kind === 'peer');
  if (items.length > 0 || !dialling || !peer) return;
  await api.call(createLink, { params: { backboneId }, body: { siteId: dialling.id, accessPointId: peer.id } });
}
