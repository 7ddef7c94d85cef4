import { createHash } from 'node:crypto';
import {
  AccessPointAdded,
  AccessPointAddressed,
  AccessPointCertificateDue,
  AuthorityEstablished,
  BackboneCreated,
  BackboneSiteAdded,
  BackboneSiteCertificateDue,
  CertificateIssued,
  ConnectorOpened,
  INSTALLATION_ISSUERS,
  InvitationIssued,
  LinkAdded,
  ListenerOpened,
  ManageLinkCertificateDue,
  ManagementSiteCertificateRequested,
  ManagementSiteRegistered,
  MemberAdmitted,
  MemberCertificateDue,
  MemberRemoved,
  NetworkPlaced,
  RevocationRequested,
  RotationAdvanced,
} from '@caravan/events';
import type { AccessKind, AuthorityKind, Holder, RevocationTarget, SyncReply } from '@caravan/events';
import type { Item } from '@caravan/data-plane';
import { DesiredStates } from './desired-state/desired-states.js';
import type { LogEvent } from './model/index.js';

export const INSTALLATION = 'acme';

/** A UUID for a name, always the same one: specs speak of `id('north')`. */
export function id(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
const csr = '-----BEGIN CERTIFICATE REQUEST-----\n';
const claimantKey = '0'.repeat(64);

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

export const STARTS_AT = '2026-01-01T00:00:00.000Z';
export const daysLater = (days: number): string =>
  new Date(Date.parse(STARTS_AT) + days * 24 * 60 * 60 * 1000).toISOString();
export const network = (name: string, on = 'demo', { startsAt = STARTS_AT, endsAt = null as string | null } = {}) =>
  NetworkPlaced({ backboneId: id(on), networkId: id(name), name, startsAt, endsAt });

/** The certificate says whose authority it is, so that a spec can tell one from another in a trust list. */
export const authority = (kind: AuthorityKind, of: string, ordinal = 1) =>
  AuthorityEstablished({
    authorityId: id(`${kind} ${of} ${ordinal}`),
    kind,
    backboneId: kind === 'infrastructure' || kind === 'backbone' ? id(of) : null,
    networkId: kind === 'network' || kind === 'claim' || kind === 'member' ? id(of) : null,
    ordinal,
    issuerId: null,
    origin: 'issued',
    intermediates: [],
    certificate: pem(`${kind} ${of} ${ordinal}`),
    subject: kind,
    serial: '01',
    fingerprint: 'f',
    notBefore: '2026-01-01T00:00:00.000Z',
    notAfter: '2036-01-01T00:00:00.000Z',
  });

export const issued = (holder: Holder, notAfter: string) =>
  CertificateIssued({
    certificateId: id(`${JSON.stringify(holder)} until ${notAfter}`),
    holder,
    identity: null,
    hosts: [],
    ordinal: 1,
    issuerId: id('issuer'),
    serial: '01',
    subject: 'somebody',
    fingerprint: 'f',
    publicKeyFingerprint: 'f',
    notBefore: STARTS_AT,
    notAfter,
    certificate: pem('leaf'),
    chain: [],
  });

/** Somebody wants the certificate of this ordinal to be held. */
export const due = {
  member: (name: string, ordinal: number) =>
    MemberCertificateDue({ memberId: id(name), networkId: id('retail'), ordinal }),
  site: (name: string, ordinal: number) =>
    BackboneSiteCertificateDue({ siteId: id(name), backboneId: id('demo'), ordinal }),
  accessPoint: (siteName: string, kind: AccessKind, ordinal: number) =>
    AccessPointCertificateDue({
      siteId: id(siteName),
      backboneId: id('demo'),
      accessPointId: id(`${siteName} ${kind}`),
      ordinal,
    }),
  manageLink: (ordinal: number) =>
    ManageLinkCertificateDue({ siteId: id('management'), backboneId: id('demo'), ordinal }),
};

/** The management site asks for another certificate of itself. */
export const managementSiteAsked = (ordinal: number) =>
  ManagementSiteCertificateRequested({
    siteId: id('management'),
    certificateId: id(`management ${ordinal}`),
    ordinal,
    claimantKey,
    csr,
  });

/** A rotation comes to a phase. */
export const rotated = (
  kind: 'network' | 'backbone' | 'installation',
  of: string,
  phase: 'listeners' | 'diallers' | 'retire',
  ordinal = 2,
) =>
  RotationAdvanced({
    ownerId: id(of),
    rotationId: id(`rotation ${ordinal} of ${of}`),
    owner:
      kind === 'installation'
        ? { kind }
        : kind === 'backbone'
          ? { kind, backboneId: id(of) }
          : { kind, networkId: id(of), backboneId: id('demo'), startsAt: STARTS_AT, endsAt: null },
    ordinal,
    phase,
    confirmed: 1,
    without: 0,
    withoutSites: [],
  });

const targetId = (target: RevocationTarget): string =>
  target.kind === 'certificate'
    ? target.certificateId
    : target.kind === 'member'
      ? target.memberId
      : target.kind === 'network'
        ? target.networkId
        : target.siteId;

export const revoked = (target: RevocationTarget) =>
  RevocationRequested({
    revocationId: id(`revocation of ${targetId(target)}`),
    target,
    name: 'somebody',
    reason: 'key-compromise',
  });
/** `digit`: of its serial, 32 times. */
export const revokedCertificate = (digit: string, holder: Holder, notAfter = '2036-01-01T00:00:00.000Z') =>
  revoked({
    kind: 'certificate',
    certificateId: id(`certificate ${digit}`),
    holder,
    backboneId: id('demo'),
    issuerId: id('issuer'),
    serial: digit.repeat(32),
    fingerprint: 'f'.repeat(64),
    notAfter,
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

/** A fold that has taken `events`, one to a commit, from position 1 on. */
export class Folded {
  readonly states = new DesiredStates(INSTALLATION);
  position = 0;
  /** When what is taken is decided. */
  at = STARTS_AT;

  constructor(events: readonly LogEvent[] = example) {
    this.take(...events);
  }

  /** The sites that the events affect. */
  take(...events: LogEvent[]): Set<string> {
    return new Set(events.flatMap((event) => [...this.states.take(event, ++this.position, this.at)]));
  }

  changesSince(siteName: string, revision: number): SyncReply {
    return this.states.changesSince(id(siteName), revision, this.position);
  }

  item(siteName: string, key: string): unknown {
    return this.states.site(id(siteName)).find((each) => `${each.kind}/${each.id}` === key);
  }

  items(siteName: string): Item[] {
    return this.states.site(id(siteName));
  }

  keys(siteName: string): string[] {
    return this.states.site(id(siteName)).map((each) => `${each.kind}/${each.id}`);
  }
}
