import { X509Certificate } from 'node:crypto';
import type { GeneralNames, ReadExtension } from './certificate-extensions.js';
import {
  alternativeNames,
  authorityKeyId,
  generalNames,
  pathLength,
  readExtensions,
  subjectKeyId,
  usages,
} from './certificate-extensions.js';
import type { Der } from './der.js';
import { decode, encode, isTagged, members } from './der.js';
import { commonNameOf } from './distinguished-name.js';
import type { TlsUsage } from './extensions.js';
import { publicKeyFingerprint } from './keys.js';
import { LastAsked } from './last-asked.js';
import type { NameConstraints } from './name-constraints.js';
import { readNameConstraints } from './name-constraints.js';
import { decodePem } from './pem.js';
import { PkiError, refusingAs } from './pki-error.js';

/** What a certificate says. Times are ISO-8601 UTC, whole seconds; serials, key ids and fingerprints lower-case hex. */
export interface CertificateFacts {
  readonly serial: string;
  /** For people: `CN=...`; never compare identities by it. */
  readonly subject: string;
  readonly commonName: string | undefined;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** SHA-256 of the whole certificate. */
  readonly fingerprint: string;
  /** SHA-256 of its SubjectPublicKeyInfo. */
  readonly publicKeyFingerprint: string;
  readonly uris: readonly string[];
  /** DNS names, then the IP addresses that are not among them. */
  readonly hosts: readonly string[];
  readonly usages: readonly TlsUsage[];
  readonly isCa: boolean;
  /** How many authorities may follow below a CA; undefined: any number, or not a CA. */
  readonly pathLength: number | undefined;
  readonly skid: string | undefined;
  readonly akid: string | undefined;
}

/** A certificate in its two readings: OpenSSL's to verify with, the tree for what OpenSSL's binding does not tell. */
export interface ParsedCertificate {
  readonly pem: string;
  readonly x509: X509Certificate;
  readonly facts: CertificateFacts;
  /** As encoded: an issuer's name goes into its children byte for byte (RFC 5280, 4.1.2.4). */
  readonly subject: Der;
  readonly extensions: readonly ReadExtension[];
  readonly names: GeneralNames;
  /** Of an authority that limits what may be named below it. */
  readonly nameConstraints: NameConstraints | undefined;
  readonly signatureAlgorithm: Der;
}

/** Reads exactly one PEM certificate. Throws PkiError `certificate.malformed`. */
export const describeCertificate = (pem: string): CertificateFacts => parseCertificate(pem).facts;

/** A site asks about its own few again and again: when they end, and whom they lead to. */
const known = new LastAsked(64, read);

/** Throws PkiError `certificate.malformed`. */
export const parseCertificate = (pem: string): ParsedCertificate => known.of(pem);

function read(pem: string): ParsedCertificate {
  const [der, ...more] = decodePem('CERTIFICATE', pem) ?? [];
  if (der === undefined || more.length > 0) {
    throw new PkiError('certificate.malformed', 'exactly one PEM certificate is expected');
  }
  return refusingAs('certificate.malformed', 'this is not an X.509 certificate that can be read', () => {
    const x509 = new X509Certificate(der);
    const [toBeSigned, signatureAlgorithm] = members(decode(der)) as [Der, Der];
    const fields = members(toBeSigned);
    // Version 1 leaves out the version field.
    const [subject, spki] = fields.slice(isTagged(fields[0], 0) ? 5 : 4) as [Der, Der];
    const extensions = readExtensions(fields);
    const names = generalNames(extensions);
    const facts = factsOf(x509, subject, spki, extensions, names);
    const nameConstraints = readNameConstraints(extensions);
    return { pem, x509, facts, subject, extensions, names, nameConstraints, signatureAlgorithm };
  });
}

function factsOf(
  x509: X509Certificate,
  subject: Der,
  spki: Der,
  extensions: readonly ReadExtension[],
  names: GeneralNames,
): CertificateFacts {
  return {
    serial: x509.serialNumber.toLowerCase(),
    subject: oneLine(x509.subject),
    commonName: commonNameOf(subject),
    issuer: oneLine(x509.issuer),
    notBefore: new Date(x509.validFrom).toISOString(),
    notAfter: new Date(x509.validTo).toISOString(),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    publicKeyFingerprint: publicKeyFingerprint(encode(spki)),
    ...alternativeNames(names),
    usages: usages(extensions),
    isCa: x509.ca,
    pathLength: pathLength(extensions),
    skid: subjectKeyId(extensions)?.toString('hex'),
    akid: authorityKeyId(extensions)?.toString('hex'),
  };
}

/** OpenSSL's text has one attribute a line; names end up in logs, where a line is an entry. */
const oneLine = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ');
