import { formatIdentity, generateKeyPair, issueCertificate, randomSerial, readCsr, selfSignRoot } from '@caravan/pki';
import type { Identity, IssueRequest, KeyPair } from '@caravan/pki';

/** A small tree of authorities, valid now, as cert-service would make it. */
export const INSTALLATION = 'test';
const ISSUERS = {
  managementCa: 'root',
  backboneCa: 'root',
  infrastructureCa: 'backboneCa',
  networkCa: 'backboneCa',
  claimCa: 'networkCa',
  memberCa: 'networkCa',
} as const;
type Authority = keyof typeof ISSUERS | 'root';
type Leaf = Exclude<IssueRequest['profile'], Authority | 'serviceCa' | 'serviceServer' | 'serviceClient'>;

const ISSUER_OF: Record<Leaf, Authority> = {
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
};

interface Holder {
  readonly certificatePem: string;
  readonly keyPair: KeyPair;
}

export interface TestAuthorities {
  /** PEM of an authority. */
  pem(authority: Authority): string;
  /** A certificate for the key of a request, leaf first, up to and without the root. */
  sign(profile: Leaf, csr: string, identity: Identity | undefined, hosts?: readonly string[], term?: Term): string[];
  /** The same with a new key: PEM chain and PKCS#8 key. */
  make(profile: Leaf, identity: Identity | undefined, hosts?: readonly string[], term?: Term): Certified;
}

interface Certified {
  readonly chain: string[];
  readonly key: string;
}

/** Signed at another time, or for so long; valid from five minutes before. */
export type Term = Pick<IssueRequest, 'now' | 'lifetimeMs'>;

export function testAuthorities(now: Date = new Date()): TestAuthorities {
  const keyPair = generateKeyPair();
  const root = selfSignRoot({ keyPair, commonName: 'Test root', serial: randomSerial(), now });
  const holders: Partial<Record<Authority, Holder>> = { root: { ...root, keyPair } };
  const holder = (authority: Authority): Holder => holders[authority]!;
  const issue = (issuer: Holder, request: Pick<IssueRequest, 'profile' | 'publicKey'> & Partial<IssueRequest>) =>
    issueCertificate({
      commonName: `a ${request.profile}`,
      installation: INSTALLATION,
      serial: randomSerial(),
      now,
      issuer: { certificatePem: issuer.certificatePem, privateKey: issuer.keyPair.privateKey },
      ...request,
    }).certificatePem;
  for (const [profile, issuer] of Object.entries(ISSUERS) as [keyof typeof ISSUERS, Authority][]) {
    const pair = generateKeyPair();
    holders[profile] = {
      certificatePem: issue(holder(issuer), { profile, publicKey: pair.publicKey }),
      keyPair: pair,
    };
  }
  const above = (profile: Leaf): string[] => {
    const chain: string[] = [];
    for (let at = ISSUER_OF[profile]; at !== 'root'; at = ISSUERS[at]) chain.push(holder(at).certificatePem);
    return chain;
  };
  const certify = (
    profile: Leaf,
    publicKey: KeyPair['publicKey'],
    identity?: Identity,
    hosts?: readonly string[],
    term?: Term,
  ) => [
    issue(holder(ISSUER_OF[profile]), {
      profile,
      publicKey,
      ...(identity && { identity: formatIdentity(identity), installation: identity.installation }),
      ...(hosts && { hosts }),
      ...term,
    }),
    ...above(profile),
  ];
  return {
    pem: (authority) => holder(authority).certificatePem,
    sign: (profile, csr, identity, hosts, term) => certify(profile, readCsr(csr).publicKey, identity, hosts, term),
    make: (profile, identity, hosts, term) => {
      const pair = generateKeyPair();
      const key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return { chain: certify(profile, pair.publicKey, identity, hosts, term), key };
    },
  };
}
