import {
  AccessPointAdded,
  AccessPointAddressed,
  AccessPointRemoved,
  BackboneCreated,
  BackboneDeleted,
  backboneEvents,
  BackboneSiteAdded,
  BackboneSiteRemoved,
  DELETE_AFTER_SECONDS,
  INSTALLATION_ISSUERS,
  LinkAdded,
  LinkRemoved,
  NetworkPlaced,
} from '@caravan/events';
import type { AccessKind } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { id } from '../example.fixture.js';
import { backbone } from './backbone.js';

/** Specs of the one stream on which a backbone's sites, access points, links and networks are decided. */
export const { given } = specification(backbone, backboneEvents);

export const backboneId = id('demo');
export const about = { backboneId, metadata: commandMetadata() };

export const created = BackboneCreated({ backboneId, name: 'demo', issuers: INSTALLATION_ISSUERS });
export const deleted = BackboneDeleted({ backboneId });

export const site = (name: string) => BackboneSiteAdded({ backboneId, siteId: id(name), name });
export const siteRemoved = (name: string) => BackboneSiteRemoved({ backboneId, siteId: id(name) });

/** `north/in`: the access point `in` of the site `north`. Without a host it waits for the site's report. */
const parts = (path: string) => {
  const [siteName = '', name = ''] = path.split('/');
  return { siteId: id(siteName), accessPointId: id(path), name };
};
export const accessPointData = (path: string, kind: AccessKind = 'peer', host: string | null = null) => ({
  ...parts(path),
  kind,
  bindHost: '0.0.0.0',
  bindPort: 0,
  host,
  port: host === null ? null : 7443,
});
export const accessPoint = (...of: Parameters<typeof accessPointData>) =>
  AccessPointAdded({ backboneId, ...accessPointData(...of) });
export const accessPointRemoved = (path: string) => {
  const { siteId, accessPointId } = parts(path);
  return AccessPointRemoved({ backboneId, siteId, accessPointId });
};
export const addressed = (path: string, host: string, port: number, source: 'site' | 'operator') => {
  const { siteId, accessPointId } = parts(path);
  return AccessPointAddressed({ backboneId, siteId, accessPointId, host, port, source });
};

/** The site `from` dials the access point at `to`. */
export const linkData = (from: string, to: string, cost = 1) => ({
  linkId: id(`${from} -> ${to}`),
  siteId: id(from),
  accessPointId: id(to),
  cost,
});
export const link = (from: string, to: string, cost = 1) =>
  LinkAdded({ backboneId, ...linkData(from, to, cost), acceptingSiteId: parts(to).siteId });
export const linkRemoved = (from: string, to: string) => LinkRemoved({ backboneId, linkId: linkData(from, to).linkId });

export const networkData = (name: string) => ({
  networkId: id(name),
  name,
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null as string | null,
  deleteAfterSeconds: DELETE_AFTER_SECONDS,
});
export const placed = (name: string) => NetworkPlaced({ backboneId, ...networkData(name) });
