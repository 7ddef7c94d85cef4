import type { KeyObject } from 'node:crypto';
import { hasExtension, isCritical, keyUsages } from './certificate-extensions.js';
import type { ParsedCertificate } from './certificate.js';
import { parseCertificate } from './certificate.js';
import { isSupportedKey } from './keys.js';
import { judgeNames } from './name-constraints.js';
import { OID } from './oids.js';
import type { CaProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';
import { isAcceptedAlgorithm } from './signature.js';

/** Why an authority that somebody brings cannot stand where it is to stand. `says` is for them, with the remedy. */
export interface Unfitness {
  readonly code:
    | 'issuer.not-a-ca'
    | 'issuer.key-mismatch'
    | 'issuer.path-too-short'
    | 'issuer.may-not-sign'
    | 'issuer.weak'
    | 'issuer.not-yet-valid'
    | 'issuer.expired'
    | 'issuer.names-limited';
  readonly says: string;
}

export interface Brought {
  readonly certificatePem: string;
  /** Undefined for one whose key stays elsewhere. */
  readonly privateKey: KeyObject | undefined;
}

export interface Place {
  readonly profile: CaProfileName;
  readonly installation: string;
  readonly now: Date;
}

/**
 * Everything that is wrong with an authority for a place in the tree, so that whoever made it makes it again once. Empty: it is fit.
 * Later checks would find the same one at a time, at sites, in words of TLS.
 *
 * @throws PkiError `certificate.malformed`
 */
export function unfitnessOf({ certificatePem, privateKey }: Brought, place: Place): Unfitness[] {
  const certificate = parseCertificate(certificatePem);
  return CHECKS.flatMap((check) => check(certificate, place) ?? []).concat(keyUnfitness(certificate, privateKey) ?? []);
}

type Check = (certificate: ParsedCertificate, place: Place) => Unfitness | undefined;

const isAuthority: Check = ({ facts, extensions }) => {
  if (!facts.isCa) return unfit('issuer.not-a-ca', 'it may sign no certificates: its basicConstraints need CA:TRUE');
  if (isCritical(extensions, OID.basicConstraints)) return undefined;
  return unfit(
    'issuer.not-a-ca',
    'its basicConstraints must be critical (RFC 5280, 4.2.1.9): strict clients refuse it',
  );
};

const hasRoom: Check = ({ facts: { isCa, pathLength } }, { profile }) => {
  const needed = PROFILES[profile].pathLength;
  if (!isCa || pathLength === undefined || pathLength >= needed) return undefined;
  return unfit(
    'issuer.path-too-short',
    `its path length is ${pathLength}, and ${needed} authorities stand below it: make it with pathlen:${needed} or without a limit`,
  );
};

const maySign: Check = ({ extensions }) => {
  const granted = keyUsages(extensions);
  if (granted === undefined) return undefined;
  const missing = (['keyCertSign', 'cRLSign'] as const).filter((usage) => !granted.includes(usage));
  if (missing.length === 0) return undefined;
  return unfit('issuer.may-not-sign', `its keyUsage lacks ${missing.join(' and ')}`);
};

/** An authority's own list of extended usages limits those below it. */
const mayBeUsed: Check = ({ facts: { usages }, extensions }) => {
  if (!hasExtension(extensions, OID.extendedKeyUsage) || usages.length === 2) return undefined;
  return unfit('issuer.may-not-sign', 'its extendedKeyUsage needs serverAuth and clientAuth, or must not be there');
};

const isStrong: Check = ({ x509, signatureAlgorithm, facts }) => {
  if (!isSupportedKey(x509.publicKey)) {
    return unfit('issuer.weak', 'its key is neither EC P-256 or P-384 nor RSA of 2048 to 4096 bits');
  }
  // Of one that signs itself nobody checks the signature.
  if (facts.subject === facts.issuer || isAcceptedAlgorithm(signatureAlgorithm)) return undefined;
  return unfit('issuer.weak', 'it is signed with neither ECDSA nor RSA (PKCS#1 v1.5) with SHA-2');
};

const isValidNow: Check = ({ facts: { notBefore, notAfter } }, { now }) => {
  if (now < new Date(notBefore)) return unfit('issuer.not-yet-valid', `it is valid from ${notBefore} on`);
  if (now > new Date(notAfter)) return unfit('issuer.expired', `it was valid until ${notAfter}`);
  return undefined;
};

/** What every nats-server is called, whatever else it is: by clients on its machine, and by sites through the data plane. */
export const NATS_HOSTS = ['localhost', '127.0.0.1', 'caravan.control'] as const;
/** As its certificate says it: an address is a DNS name too (profiles.ts). */
const NATS_SERVER = { dnsNames: NATS_HOSTS.map((host) => Buffer.from(host)), addresses: [Buffer.from([127, 0, 0, 1])] };

/** Also asked of what stands above: names that it does not permit are nobody’s below. */
export const permitsNames: Check = ({ nameConstraints }, { installation, profile }) => {
  if (!nameConstraints) return undefined;
  const none = { uris: [], dnsNames: [], addresses: [] };
  const identity = { ...none, uris: [Buffer.from(`spiffe://${installation}/x`)] };
  const isAboveNats = profile === 'root' || profile === 'managementCa';
  switch (judgeNames(nameConstraints, identity)) {
    case 'permitted':
      if (!isAboveNats || judgeNames(nameConstraints, { ...none, ...NATS_SERVER }) === 'permitted') return undefined;
      return unfit(
        'issuer.names-limited',
        `its name constraints do not permit what every nats-server is called: ${NATS_HOSTS.join(', ')} (an address as a DNS name too)`,
      );
    case 'not-permitted':
      return unfit('issuer.names-limited', `its name constraints do not permit the URIs of ${installation}`);
    case 'not-understood':
      return unfit(
        'issuer.names-limited',
        'its name constraints limit names other than URIs, DNS names and IP addresses',
      );
  }
};

const CHECKS: readonly Check[] = [isAuthority, hasRoom, maySign, mayBeUsed, isStrong, isValidNow, permitsNames];

const keyUnfitness = ({ x509 }: ParsedCertificate, privateKey: KeyObject | undefined): Unfitness | undefined =>
  privateKey === undefined || x509.checkPrivateKey(privateKey)
    ? undefined
    : unfit('issuer.key-mismatch', 'the private key does not belong to it');

const unfit = (code: Unfitness['code'], says: string): Unfitness => ({ code, says });
