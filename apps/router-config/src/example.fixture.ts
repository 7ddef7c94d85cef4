import {
  AccessPointAdded,
  AccessPointAddressed,
  BackboneCreated,
  BackboneSiteAdded,
  ConnectorOpened,
  DELETE_AFTER_SECONDS,
  INSTALLATION_ISSUERS,
  InvitationIssued,
  LinkAdded,
  ListenerOpened,
  ManagementSiteRegistered,
  MemberAdmitted,
  MemberRemoved,
  NetworkPlaced,
  PLAIN_TERMS,
} from '@caravan/events';
import type { AccessKind } from '@caravan/events';
import type { LogEvent } from './model/index.js';
import { claimantKey, csr, id, STARTS_AT } from './names.fixture.js';
import { authority } from './trust-events.fixture.js';

export const backbone = (name: string) =>
  BackboneCreated({ backboneId: id(name), name, issuers: INSTALLATION_ISSUERS });
export const site = (name: string, on = 'demo') => BackboneSiteAdded({ backboneId: id(on), siteId: id(name), name });

interface AccessPointOptions {
  host?: string | null;
  port?: number | null;
  bindHost?: string;
  on?: string;
}

/** An access point is called after its site and kind: `north claim`. */
export const accessPoint = (siteName: string, kind: AccessKind, options: AccessPointOptions = {}) =>
  AccessPointAdded({
    backboneId: id(options.on ?? 'demo'),
    siteId: id(siteName),
    accessPointId: id(`${siteName} ${kind}`),
    name: kind,
    kind,
    bindHost: options.bindHost ?? '0.0.0.0',
    bindPort: 0,
    host: options.host ?? null,
    port: options.port ?? null,
  });

export const addressed = (siteName: string, kind: AccessKind, host: string, port: number) =>
  AccessPointAddressed({
    backboneId: id('demo'),
    siteId: id(siteName),
    accessPointId: id(`${siteName} ${kind}`),
    host,
    port,
    source: 'site',
  });

/** `dialler` dials the peer access point of `acceptor`. */
export const link = (dialler: string, acceptor: string, cost = 1) =>
  LinkAdded({
    backboneId: id('demo'),
    linkId: id(`${dialler}-${acceptor}`),
    siteId: id(dialler),
    accessPointId: id(`${acceptor} peer`),
    acceptingSiteId: id(acceptor),
    cost,
  });

export const network = (name: string, on = 'demo', { startsAt = STARTS_AT, endsAt = null as string | null } = {}) =>
  NetworkPlaced({
    ...{ backboneId: id(on), networkId: id(name), name },
    ...{ startsAt, endsAt, deleteAfterSeconds: DELETE_AFTER_SECONDS },
  });

export const invitation = (name: string, of: string, claimAccessPoints: string[]) =>
  InvitationIssued({
    invitationId: id(name),
    networkId: id(of),
    backboneId: id('demo'),
    name,
    namePrefix: name,
    deadline: null,
    instanceLimit: null,
    siteClasses: [],
    claimAccessPoints: claimAccessPoints.map((each) => id(`${each} claim`)),
    memberAccessPoints: [id('north member')],
    ...PLAIN_TERMS,
  });

export const member = (name: string, of: string, memberAccessPoints: string[]) =>
  MemberAdmitted({
    memberId: id(name),
    networkId: id(of),
    backboneId: id('demo'),
    invitationId: id('invitation'),
    name,
    siteClasses: [],
    memberAccessPoints: memberAccessPoints.map((each) => id(`${each} member`)),
    claimantKey,
    certificateId: id(`${name} certificate`),
    csr,
    details: {},
  });
export const memberRemoved = (name: string, of: string) =>
  MemberRemoved({ memberId: id(name), networkId: id(of), invitationId: id('invitation') });

export const listener = (at: string, of: string, address: string, port = 8080) =>
  ListenerOpened({
    memberId: id(at),
    networkId: id(of),
    listenerId: id(`${at} listens ${address}`),
    address,
    host: '127.0.0.1',
    port,
  });
export const connector = (at: string, of: string, address: string, port = 9090) =>
  ConnectorOpened({
    memberId: id(at),
    networkId: id(of),
    connectorId: id(`${at} connects ${address}`),
    address,
    host: '127.0.0.1',
    port,
  });

export const managementSite = ManagementSiteRegistered({
  siteId: id('management'),
  name: 'management',
  controlHost: '127.0.0.1',
  controlPort: 4222,
});

/**
 * Backbone `demo` with sites `north` and `south`, all access points at `north`; `south` dials `north`. Networks `retail` and
 * `travel`; members `hq` of the one and `agency` of the other; the invitation `store` to `retail`.
 */
export const example: readonly LogEvent[] = [
  authority('root', 'all'),
  authority('management', 'all'),
  managementSite,
  backbone('demo'),
  authority('backbone', 'demo'),
  authority('infrastructure', 'demo'),
  site('north'),
  site('south'),
  accessPoint('north', 'claim', { host: 'north.example', port: 7001 }),
  accessPoint('north', 'member', { host: 'north.example', port: 7002 }),
  accessPoint('north', 'peer', { host: 'north.example', port: 7003 }),
  accessPoint('north', 'manage', { host: 'north.example', port: 7004 }),
  accessPoint('south', 'member', { host: 'south.example', port: 7002 }),
  link('south', 'north', 3),
  ...['retail', 'travel'].flatMap((name) => [
    network(name),
    authority('network', name),
    authority('claim', name),
    authority('member', name),
  ]),
  invitation('store', 'retail', ['north']),
  member('hq', 'retail', ['north', 'south']),
  member('agency', 'travel', ['south']),
  connector('hq', 'retail', 'inventory'),
];
