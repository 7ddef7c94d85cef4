import { formatIdentity } from './identity.js';
import type { Identity } from './identity.js';
import type { IssuedCertificate } from './issue.js';
import { issueCertificate, selfSignRoot } from './issue.js';
import type { IssueRequest } from './order.js';
import type { CaProfileName, LeafProfileName } from './profiles.js';
import type { KeyKind, KeyPair } from './randomness.js';
import { generateKeyPair, randomSerial } from './randomness.js';

/** A whole tree of authorities at a fixed time (real handshakes need today's), and one leaf of every profile. */
export const NOW = new Date('2030-06-01T12:00:00Z');
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const INSTALLATION = 'caravan.example';

export const ISSUED_BY: Record<Exclude<CaProfileName, 'root'> | LeafProfileName, CaProfileName> = {
  managementCa: 'root',
  backboneCa: 'root',
  infrastructureCa: 'backboneCa',
  networkCa: 'backboneCa',
  claimCa: 'networkCa',
  memberCa: 'networkCa',
  natsServer: 'managementCa',
  apiServer: 'managementCa',
  service: 'managementCa',
  managementSite: 'managementCa',
  administrator: 'managementCa',
  backboneSite: 'infrastructureCa',
  accessPoint: 'infrastructureCa',
  manageLink: 'infrastructureCa',
  bootstrap: 'infrastructureCa',
  claim: 'claimCa',
  member: 'memberCa',
  serviceCa: 'root',
  serviceServer: 'serviceCa',
  serviceClient: 'serviceCa',
};

const IDENTITIES: Record<LeafProfileName, Identity> = {
  natsServer: { kind: 'service', installation: INSTALLATION, name: 'nats' },
  apiServer: { kind: 'service', installation: INSTALLATION, name: 'api' },
  service: { kind: 'service', installation: INSTALLATION, name: 'router-config' },
  managementSite: { kind: 'management-site', installation: INSTALLATION, siteId: 'm1' },
  administrator: { kind: 'administrator', installation: INSTALLATION, name: 'first' },
  backboneSite: { kind: 'backbone-site', installation: INSTALLATION, backboneId: 'b1', siteId: 's1' },
  accessPoint: { kind: 'access-point', installation: INSTALLATION, backboneId: 'b1', accessPointId: 'a1' },
  manageLink: { kind: 'manage-link', installation: INSTALLATION, backboneId: 'b1', siteId: 'm1' },
  bootstrap: { kind: 'bootstrap', installation: INSTALLATION, backboneId: 'b1', siteId: 's1' },
  claim: { kind: 'claim', installation: INSTALLATION, networkId: 'n1', invitationId: 'i1' },
  member: { kind: 'member', installation: INSTALLATION, networkId: 'n1', memberId: 'x1' },
  serviceServer: { kind: 'service', installation: INSTALLATION, name: 'web' },
  serviceClient: { kind: 'service', installation: INSTALLATION, name: 'web' },
};

const SERVES: readonly LeafProfileName[] = [
  'natsServer',
  'apiServer',
  'accessPoint',
  'backboneSite',
  'bootstrap',
  'serviceServer',
  'serviceClient',
];

export interface Holder extends IssuedCertificate {
  readonly keyPair: KeyPair;
}

export interface Tree {
  readonly authorities: Readonly<Record<CaProfileName, Holder>>;
  /** A leaf with a key of its own; `changes` overrides what the profile would usually be asked with. */
  leaf(profile: LeafProfileName, changes?: Partial<IssueRequest>): Holder;
  /** PEM of the authorities from the leaf's issuer up to, and without, the root. */
  intermediates(profile: LeafProfileName): string[];
}

export function tree(keyKind: KeyKind = 'ec-p256', now = NOW): Tree {
  const keyPair = generateKeyPair(keyKind);
  const common = { commonName: 'Caravan root', serial: randomSerial(), now };
  const authorities = { root: { ...selfSignRoot({ ...common, keyPair }), keyPair } } as Record<CaProfileName, Holder>;
  for (const profile of [
    'managementCa',
    'backboneCa',
    'infrastructureCa',
    'networkCa',
    'claimCa',
    'memberCa',
    'serviceCa',
  ] as const) {
    authorities[profile] = issue(authorities[ISSUED_BY[profile]], profile, { now }, keyKind);
  }
  return {
    authorities,
    leaf: (profile, changes = {}) =>
      issue(authorities[ISSUED_BY[profile]], profile, { ...usual(profile), now, ...changes }),
    intermediates: (profile) => {
      const chain: CaProfileName[] = [];
      for (let at = ISSUED_BY[profile]; at !== 'root'; at = ISSUED_BY[at]) chain.push(at);
      return chain.map((at) => authorities[at].certificatePem);
    },
  };
}

export function usual(profile: LeafProfileName): Pick<IssueRequest, 'identity' | 'hosts'> {
  const hosts = SERVES.includes(profile) ? { hosts: ['relay.example.org', '192.0.2.7', '2001:db8::7'] } : {};
  return { identity: formatIdentity(IDENTITIES[profile]), ...hosts };
}

export function issue(
  issuer: Holder,
  profile: IssueRequest['profile'],
  changes: Partial<IssueRequest>,
  keyKind?: KeyKind,
): Holder {
  const keyPair = generateKeyPair(keyKind);
  const certificate = issueCertificate({
    profile,
    publicKey: keyPair.publicKey,
    commonName: `a ${profile}`,
    installation: INSTALLATION,
    serial: randomSerial(),
    now: NOW,
    issuer: { certificatePem: issuer.certificatePem, privateKey: issuer.keyPair.privateKey },
    ...changes,
  });
  return { ...certificate, keyPair };
}
