import type { KeyObject } from 'node:crypto';
import type { Der } from './der.js';
import { parseCertificate } from './certificate.js';
import { subjectOf, subjectText } from './distinguished-name.js';
import { keyIdentifier } from './extensions.js';
import { isSupportedKey } from './keys.js';
import { PkiError } from './pki-error.js';
import type { KeyPair } from './randomness.js';
import type { ValidityWindow } from './validity.js';

/** An authority as its holder knows it. Keep one object for each: what is read of it is remembered by that. */
export interface IssuerCredential {
  readonly certificatePem: string;
  readonly privateKey: KeyObject;
}

/** What an issuer passes on to the certificates below it. */
export interface Issuer {
  readonly name: Der;
  /** The same for people; undefined: only its certificate can tell. */
  readonly subject: string | undefined;
  readonly keyId: Buffer;
  readonly privateKey: KeyObject;
  readonly pathLength: number | undefined;
  readonly validity: ValidityWindow;
}

/** Throws PkiError `issuer.not-a-ca`, `issuer.key-mismatch`, `key.unsupported`, `certificate.malformed`. */
export function readIssuer(credential: IssuerCredential): Issuer {
  const known = read.get(credential);
  if (known) return known;
  const issuer = parseIssuer(credential);
  read.set(credential, issuer);
  return issuer;
}

/** An authority signs many certificates, and to read its own costs more than to sign one. */
const read = new WeakMap<IssuerCredential, Issuer>();

function parseIssuer({ certificatePem, privateKey }: IssuerCredential): Issuer {
  const { x509, facts, subject } = parseCertificate(certificatePem);
  // OpenSSL's answer, which wants basicConstraints and keyCertSign both.
  if (!facts.isCa) throw new PkiError('issuer.not-a-ca', 'the issuer may not sign certificates');
  if (privateKey.type !== 'private' || !x509.checkPrivateKey(privateKey)) {
    throw new PkiError('issuer.key-mismatch', "the private key does not belong to the issuer's certificate");
  }
  return {
    name: subject,
    subject: facts.subject,
    // A foreign root may lack the identifier, or derive it otherwise: ours must repeat what it says.
    keyId: facts.skid === undefined ? keyIdentifier(x509.publicKey) : Buffer.from(facts.skid, 'hex'),
    privateKey: signingKey(privateKey),
    pathLength: facts.pathLength,
    validity: { notBefore: new Date(facts.notBefore), notAfter: new Date(facts.notAfter) },
  };
}

/** A root is its own issuer, under no limit but its own. */
export function selfAsIssuer(commonName: string, { publicKey, privateKey }: KeyPair): Issuer {
  return {
    name: subjectOf(commonName),
    subject: subjectText(commonName),
    keyId: keyIdentifier(publicKey),
    privateKey: signingKey(privateKey),
    pathLength: undefined,
    validity: {},
  };
}

function signingKey(privateKey: KeyObject): KeyObject {
  if (isSupportedKey(privateKey)) return privateKey;
  throw new PkiError('key.unsupported', 'the issuer signs with EC P-256 or P-384, or RSA of 2048 to 4096 bits');
}
