import type { KeyObject } from 'node:crypto';
import type { Der } from './der.js';
import { decode, encode, integer, members, membersOfTagged, oid, sequence, set, tagged, wholeBits } from './der.js';
import { commonNameOf, subjectOf } from './distinguished-name.js';
import { basicConstraintsOfCa, keyUsageOfCa, nameConstraintsExtension } from './extensions.js';
import { exportSpki, publicKeyFingerprint, readSpki } from './keys.js';
import { nameConstraintsOf } from './name-constraints.js';
import { OID } from './oids.js';
import { decodePem, encodePem } from './pem.js';
import { PkiError, refusingAs } from './pki-error.js';
import type { CaProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';
import type { KeyPair } from './randomness.js';
import { isSignedBy, signed } from './signature.js';

/** What a certificate request (RFC 2986) is good for here: a public key, proven to be the sender's. */
export interface CsrFacts {
  readonly publicKey: KeyObject;
  readonly publicKeyFingerprint: string;
  /** For display. Claimed by the sender and proven by nothing: no certificate takes it over. */
  readonly subject: { readonly commonName: string | undefined };
}

export interface CsrLimits {
  /** Of the PEM text; 8 KiB unless given. RSA-4096 needs less than 2. */
  readonly maxBytes?: number;
}

export interface CsrInput {
  readonly subject: { readonly commonName: string };
  readonly keyPair: KeyPair;
  /** For a CA that someone else signs, offline or in cert-manager: asks for this profile's constraints. */
  readonly authority?: { readonly profile: CaProfileName; readonly installation: string };
}

/** A PEM certificate request, signed with its own key. Throws PkiError `certificate.bad-common-name`. */
export function createCsr({ subject, keyPair, authority }: CsrInput): string {
  const wishes = authority ? wishesOf(authority) : [];
  const attributes = authority ? [sequence(oid(OID.extensionRequest), set(sequence(...wishes)))] : [];
  const info = sequence(
    integer(Buffer.of(0)),
    subjectOf(subject.commonName),
    decode(exportSpki(keyPair.publicKey)),
    tagged(0, ...attributes),
  );
  return encodePem('CERTIFICATE REQUEST', encode(signed(info, keyPair.privateKey)));
}

function wishesOf({ profile, installation }: NonNullable<CsrInput['authority']>): Der[] {
  const { pathLength, names } = PROFILES[profile];
  const limits = nameConstraintsOf(names, installation);
  return [basicConstraintsOfCa(pathLength), keyUsageOfCa(), ...(limits ? [nameConstraintsExtension(limits)] : [])];
}

/**
 * Reads an untrusted PEM certificate request and verifies its signature: proof of possession of the private key. Size first,
 * then shape, then key, then the signature, so that the costly step is reached only by what could pass.
 *
 * @throws PkiError `csr.too-large`, `csr.malformed`, `csr.unsupported-key`, `csr.bad-signature`; nothing else, whatever the bytes
 */
export function readCsr(pem: string, { maxBytes = 8192 }: CsrLimits = {}): CsrFacts {
  if (typeof pem !== 'string') throw new PkiError('csr.malformed', 'a PEM text is expected');
  if (Buffer.byteLength(pem) > maxBytes) throw new PkiError('csr.too-large', `more than ${maxBytes} bytes`);
  const { info, spki, algorithm, signature, commonName } = refusingAs(
    'csr.malformed',
    'this is not a PKCS#10 request',
    () => parts(pem),
  );
  const publicKey = readSpki(spki);
  if (publicKey === undefined) {
    throw new PkiError('csr.unsupported-key', 'keys are EC P-256 or P-384, or RSA of 2048 to 4096 bits');
  }
  if (!isSignedBy(publicKey, info, algorithm, signature)) {
    throw new PkiError('csr.bad-signature', 'the request is not signed, with SHA-2, by the key that it names');
  }
  return { publicKey, publicKeyFingerprint: publicKeyFingerprint(publicKey), subject: { commonName } };
}

interface CsrParts {
  readonly info: Der;
  readonly spki: Buffer;
  readonly algorithm: Der;
  readonly signature: Buffer;
  readonly commonName: string | undefined;
}

function parts(pem: string): CsrParts {
  const [der, ...more] = decodePem('CERTIFICATE REQUEST', pem) ?? [];
  if (der === undefined || more.length > 0) throw new Error('exactly one request is expected');
  const [info, algorithm, signature, ...rest] = members(decode(der));
  const [version, subject, spki, attributes, ...surplus] = members(info);
  const isVersion1 = version !== undefined && encode(version).equals(VERSION_1);
  membersOfTagged(attributes, 0);
  if (!isVersion1 || rest.length + surplus.length > 0) throw new Error('not a request');
  return {
    info: info!,
    spki: encode(spki!),
    algorithm: algorithm!,
    signature: wholeBits(signature),
    commonName: commonNameOf(subject!),
  };
}

const VERSION_1 = encode(integer(Buffer.of(0)));
