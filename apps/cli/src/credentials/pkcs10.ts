import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * A certificate request (PKCS#10, RFC 2986) for a P-256 key: the least that proves to a signer that whoever asks holds the
 * private key. The subject is for display and no extension is asked for: what a certificate says is the signer's decision.
 *
 *     CertificationRequest     ::= SEQUENCE { certificationRequestInfo, signatureAlgorithm, signature BIT STRING }
 *     CertificationRequestInfo ::= SEQUENCE { version 0, subject Name, subjectPKInfo, attributes [0] }
 */

const TAG = { integer: 0x02, bits: 0x03, oid: 0x06, utf8: 0x0c, sequence: 0x30, set: 0x31, attributes: 0xa0 } as const;

/** One DER value (X.690): tag, length in the shortest form (8.1.3), contents. Nothing here is longer than 64 KiB. */
const der = (tag: number, ...contents: Buffer[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const lengthOctets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...lengthOctets), content]);
};

/** 2.5.4.3, commonName. */
const COMMON_NAME = der(TAG.oid, Buffer.of(0x55, 0x04, 0x03));
/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256: no parameters (RFC 5758, section 3.2). */
const ECDSA_WITH_SHA256 = der(TAG.sequence, der(TAG.oid, Buffer.from('2a8648ce3d040302', 'hex')));
const VERSION_1 = der(TAG.integer, Buffer.of(0));
/** Mandatory even when there are none (RFC 2986, section 4.1). */
const NO_ATTRIBUTES = der(TAG.attributes);

/** Name ::= SEQUENCE OF SET OF { type, value }: one commonName. */
const nameOf = (commonName: string): Buffer =>
  der(TAG.sequence, der(TAG.set, der(TAG.sequence, COMMON_NAME, der(TAG.utf8, Buffer.from(commonName, 'utf8')))));

const pem = (label: string, bytes: Buffer): string =>
  `-----BEGIN ${label}-----\n${bytes.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;

/** The request as PEM, signed with the key that it names. `commonName`: at most 64 characters (RFC 5280, ub-common-name). */
export const certificateRequest = (commonName: string, publicKey: KeyObject, privateKey: KeyObject): string => {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const info = der(TAG.sequence, VERSION_1, nameOf(commonName), spki, NO_ATTRIBUTES);
  // A BIT STRING begins with the number of unused bits; the signature in it is SEQUENCE { r, s } (RFC 3279, section 2.2.3).
  const signature = der(TAG.bits, Buffer.of(0), sign('sha256', info, privateKey));
  return pem('CERTIFICATE REQUEST', der(TAG.sequence, info, ECDSA_WITH_SHA256, signature));
};

export interface KeyRequest {
  readonly csr: string;
  /** PKCS#8 PEM. Goes into a file that its owner alone can read, and nowhere else. */
  readonly key: string;
}

/** A new P-256 key and the request for its certificate. */
export const newKeyRequest = (commonName: string): KeyRequest => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    csr: certificateRequest(commonName.slice(0, 64), publicKey, privateKey),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
