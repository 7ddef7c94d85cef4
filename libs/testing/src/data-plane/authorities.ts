import type { Configuration } from '@caravan/data-plane';
import type { CertificateDetails, IssuerCredential, ProfileName } from '@caravan/pki';
import { exportPrivateKey, generateKeyPair, issueCertificate, randomSerial, selfSignRoot } from '@caravan/pki';

export type Credential = Configuration['certificates'][string];

/** A CA of the tests: signs, and is what a door trusts. */
export interface Authority extends IssuerCredential {
  /** PEM of the authorities from this one up, without the root. */
  readonly above: string;
}

type Profile = Exclude<ProfileName, 'root'>;

export const INSTALLATION = 'test';

export function makeRoot(): Authority {
  const keyPair = generateKeyPair();
  const { certificatePem } = selfSignRoot({ keyPair, commonName: 'root', serial: randomSerial(), now: new Date() });
  return { certificatePem, privateKey: keyPair.privateKey, above: '' };
}

export function makeAuthority(issuer: Authority, profile: Profile, commonName: string): Authority {
  const { publicKey, privateKey } = generateKeyPair();
  const request = { publicKey, commonName, installation: INSTALLATION, serial: randomSerial(), now: new Date() };
  const { certificatePem } = issueCertificate({ ...request, profile, issuer });
  return { certificatePem, privateKey, above: certificatePem + issuer.above };
}

/** A leaf and its key. `withIntermediates`: the chain that a hostile peer would send along, up to below the root. */
export function issue(
  issuer: Authority,
  profile: Profile,
  names: Pick<CertificateDetails, 'identity' | 'hosts' | 'lifetimeMs'>,
  { withIntermediates = false } = {},
): Credential {
  const { publicKey, privateKey } = generateKeyPair();
  const asked = { publicKey, commonName: profile, installation: INSTALLATION, ...names };
  const request = { ...asked, serial: randomSerial(), now: new Date() };
  const { certificatePem } = issueCertificate({ ...request, profile, issuer });
  return {
    chain: certificatePem + (withIntermediates ? issuer.above : ''),
    key: exportPrivateKey(privateKey).reveal(),
  };
}
