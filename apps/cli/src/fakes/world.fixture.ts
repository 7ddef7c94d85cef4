/** A small installation as the API tells it: one backbone, two networks. Collections are called as in the paths. */
export type Record_ = Record<string, unknown>;
export type World = Record<string, Record_[]>;

export const idNumber = (n: number): string => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;
const createdAt = '2026-11-20T10:00:00.000Z';
export const pem = '-----BEGIN CERTIFICATE-----\nMIIBfake\n-----END CERTIFICATE-----\n';

export const ids = {
  demo: idNumber(1),
  east: idNumber(11),
  west: idNumber(12),
  eastPeer: idNumber(21),
  eastClaim: idNumber(22),
  eastMember: idNumber(23),
  westMember: idNumber(24),
  link: idNumber(31),
  retail: idNumber(41),
  storefront: idNumber(51),
  hq: idNumber(61),
  store: idNumber(62),
  memberHq: idNumber(71),
  memberStore: idNumber(72),
} as const;

const accessPoint = (id: string, siteId: string, name: string, kind: string, port: number | null): Record_ => ({
  id,
  backboneId: ids.demo,
  siteId,
  name,
  kind,
  bindHost: '0.0.0.0',
  bindPort: 0,
  host: port === null ? null : '192.0.2.10',
  port,
  createdAt,
});

const invitation = (id: string, name: string, more: Record_): Record_ => ({
  id,
  networkId: ids.retail,
  name,
  namePrefix: name,
  deadline: null,
  instanceLimit: 1,
  claims: 1,
  awaited: 0,
  approval: false,
  interactive: false,
  asks: [],
  siteClasses: [],
  claimAccessPoints: [ids.eastClaim],
  memberAccessPoints: [ids.eastMember, ids.westMember],
  status: 'open',
  createdAt,
  ...more,
});

const member = (id: string, name: string, invitationId: string, more: Record_): Record_ => ({
  id,
  networkId: ids.retail,
  invitationId,
  name,
  siteClasses: [],
  status: 'joined',
  linkCertificates: [],
  details: {},
  lastSeenAt: '2026-11-20T12:34:56.789Z',
  createdAt,
  ...more,
});

const endpoint = { networkId: ids.retail, address: 'inventory', host: '127.0.0.1', tls: null, createdAt };
const validity = { notBefore: createdAt, notAfter: '2027-11-20T10:00:00.000Z' };
const authority = (n: number, kind: string, more: Record_): Record_ => ({
  ...{ id: idNumber(n), kind, backboneId: null, networkId: null, ordinal: 1, issuerId: null },
  ...{ subject: `CN=Caravan ${kind} CA`, serial: `0${n}`, fingerprint: `f${n}` },
  ...validity,
  phase: 'in-use',
  signedBy: kind === 'root' ? 'itself' : 'internal',
  holds: kind === 'member' ? [{ holderKind: 'member', certificates: 1, soonestEnd: createdAt }] : [],
  breaks: `Nothing works without the ${kind} authority.`,
  certificate: pem,
  ...more,
});

const proof = { subject: 'CN=relay.example', fingerprint: 'ab', notAfter: createdAt, trust: ['CN=Acme Root'] };

const backboneSite = (id: string, name: string, more: Record_): Record_ => ({
  ...{ id, backboneId: ids.demo, name, status: 'new', proof: null, linkCertificates: [], lastSeenAt: null, createdAt },
  ...more,
});

export const freshWorld = (): World => ({
  backbones: [{ id: ids.demo, name: 'demo', status: 'ready', createdAt }],
  sites: [
    backboneSite(ids.east, 'east', {
      ...{ status: 'enrolled', proof, lastSeenAt: '2026-11-20T12:34:56.789Z' },
      linkCertificates: [{ linkId: 'trunk', subject: 'CN=east.example', fingerprint: 'cd', notAfter: createdAt }],
    }),
    backboneSite(ids.west, 'west', {}),
  ],
  'access-points': [
    accessPoint(ids.eastPeer, ids.east, 'peer', 'peer', 7443),
    accessPoint(ids.eastClaim, ids.east, 'claim', 'claim', 7444),
    accessPoint(ids.eastMember, ids.east, 'member', 'member', 7445),
    accessPoint(ids.westMember, ids.west, 'member', 'member', null),
  ],
  links: [
    {
      id: ids.link,
      backboneId: ids.demo,
      siteId: ids.west,
      accessPointId: ids.eastPeer,
      acceptingSiteId: ids.east,
      cost: 10,
      createdAt,
    },
  ],
  networks: [
    {
      id: ids.retail,
      backboneId: ids.demo,
      name: 'retail',
      startsAt: createdAt,
      endsAt: null,
      deleteAfterSeconds: 30 * 86_400,
      deletedAt: null,
      status: 'active',
      createdAt,
    },
  ],
  'site-classes': [{ id: ids.storefront, networkId: ids.retail, name: 'storefront', createdAt }],
  invitations: [
    invitation(ids.hq, 'hq', {}),
    invitation(ids.store, 'store', {
      instanceLimit: 5,
      siteClasses: ['storefront'],
      deadline: '2026-12-24T18:00:00.000Z',
    }),
  ],
  claims: [
    {
      ...{ id: idNumber(85), networkId: ids.retail, invitationId: ids.store, name: 'store-2', status: 'awaited' },
      ...{ details: { contact: 'Ada' }, claimantKey: 'ab'.repeat(32), decidedAt: null, decidedBy: null, createdAt },
    },
  ],
  members: [
    member(ids.memberHq, 'hq', ids.hq, {}),
    member(ids.memberStore, 'store-1', ids.store, {
      siteClasses: ['storefront'],
      status: 'joining',
      lastSeenAt: null,
    }),
  ],
  listeners: [{ id: idNumber(81), memberId: ids.memberStore, ...endpoint, port: 8080 }],
  connectors: [{ id: idNumber(82), memberId: ids.memberHq, ...endpoint, port: 9000 }],
  authorities: [authority(91, 'root', {}), authority(92, 'member', { networkId: ids.retail, issuerId: idNumber(91) })],
  certificates: [
    {
      id: idNumber(95),
      holderKind: 'member',
      holderId: ids.memberHq,
      identity: `spiffe://demo/network/${ids.retail}/member/${ids.memberHq}`,
      hosts: [],
      ordinal: 1,
      issuerId: idNumber(92),
      subject: 'CN=hq',
      serial: '0a1b',
      fingerprint: 'cafe',
      ...validity,
      phase: 'current',
      breaks: 'The member loses its links.',
    },
  ],
});

export const siteState = (siteId: string): Record_ => ({
  siteId,
  kind: siteId === ids.east ? 'backbone' : 'member',
  lastSeenAt: '2026-11-20T12:34:56.789Z',
  version: '0.1.0',
  desired: { revision: 120, items: [{ kind: 'listener', id: 'a' }] },
  observed: {
    appliedRevision: 120,
    items:
      siteId === ids.east
        ? { 'access-point/peer': { state: 'applied', port: 7443 } }
        : { 'listener/inventory': { state: 'failed', detail: 'port 8080 is taken by another program' } },
    links: [],
  },
});
