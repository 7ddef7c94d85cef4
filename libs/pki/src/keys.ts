import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { bits, encode, oid, sequence } from './der.js';
import { OID } from './oids.js';
import { PkiError, refusingAs } from './pki-error.js';
import { Secret } from './secret.js';

const RSA_BITS = { least: 2048, most: 4096 };
/** From F4 on; the upper bound keeps verifying someone else's signature cheap. */
const RSA_EXPONENT = { least: 65537n, most: 0xffff_ffffn };

/** Lower-case hex SHA-256 of a DER SubjectPublicKeyInfo: the name of a key everywhere in the system. */
export function publicKeyFingerprint(key: Buffer | KeyObject): string {
  return createHash('sha256')
    .update(Buffer.isBuffer(key) ? key : exportSpki(key))
    .digest('hex');
}

/** DER SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) of a public key, or of the public half of a private one. Not to be written into. */
export function exportSpki(key: KeyObject): Buffer {
  const known = exported.get(key);
  if (known) return known;
  const spki = encodeSpki(publicHalf(key));
  exported.set(key, spki);
  return spki;
}

/** One certificate asks four times for that of its key, and each costs as much as a third of its signature. */
const exported = new WeakMap<KeyObject, Buffer>();

function encodeSpki(half: KeyObject): Buffer {
  const form = half.asymmetricKeyType === 'ec' && EC_FORMS[half.asymmetricKeyDetails?.namedCurve ?? ''];
  if (!form) return half.export({ type: 'spki', format: 'der' });
  // OpenSSL's encoder takes ten times as long as to ask for the coordinates, which are all that is not in the header.
  const { x = '', y = '' } = half.export({ format: 'jwk' });
  return Buffer.concat([form.header, Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}

const publicHalf = (key: KeyObject): KeyObject => (key.type === 'private' ? createPublicKey(key) : key);

/** Whether this library signs with, or certifies, such a key: EC P-256 or P-384, RSA of 2048 to 4096 bits. */
export function isSupportedKey(key: KeyObject): boolean {
  const { namedCurve = '', modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec') return namedCurve in EC_FORMS;
  return (
    key.asymmetricKeyType === 'rsa' &&
    modulusLength >= RSA_BITS.least &&
    modulusLength <= RSA_BITS.most &&
    publicExponent >= RSA_EXPONENT.least &&
    publicExponent <= RSA_EXPONENT.most
  );
}

/**
 * Reads a foreign SubjectPublicKeyInfo. One key must have one fingerprint, so only its canonical encoding passes: for EC a named
 * curve and the whole point, never curve parameters spelled out (CVE-2020-0601) or a compressed point.
 *
 * @returns undefined for a key that is not supported
 */
export function readSpki(der: Buffer): KeyObject | undefined {
  try {
    const key = readEcSpki(der) ?? readRsaSpki(der);
    if (!key || !isSupportedKey(key)) return undefined;
    exported.set(key, Buffer.from(der)); // a copy: what it was read from is much larger
    return key;
  } catch {
    return undefined;
  }
}

/** By its coordinates: OpenSSL takes half as long, checks that the point is on the curve, and reads no other encoding than ours. */
function readEcSpki(der: Buffer): KeyObject | undefined {
  const form = Object.values(EC_FORMS).find(({ header }) => der.indexOf(header) === 0);
  if (!form || der.length !== form.header.length + 2 * form.bytes) return undefined;
  const point = der.subarray(form.header.length);
  const [x, y] = [point.subarray(0, form.bytes), point.subarray(form.bytes)].map((each) => each.toString('base64url'));
  return createPublicKey({ key: { kty: 'EC', crv: form.crv, x: x!, y: y! }, format: 'jwk' });
}

function readRsaSpki(der: Buffer): KeyObject | undefined {
  const key = createPublicKey({ key: der, type: 'spki', format: 'der' });
  // OpenSSL remembers how an EC key was encoded and would write that again: only the form above is taken.
  return key.asymmetricKeyType === 'rsa' && exportSpki(key).equals(der) ? key : undefined;
}

/** RFC 5480, 2: what stands before the coordinates of an uncompressed point (SEC 1, 2.3.3: a leading 04). */
const ecHeader = (curve: string, coordinates: number): Buffer =>
  encode(
    sequence(
      sequence(oid(OID.ecPublicKey), oid(curve)),
      bits(Buffer.concat([Buffer.of(4), Buffer.alloc(coordinates)])),
    ),
  ).subarray(0, -coordinates);

interface EcForm {
  readonly header: Buffer;
  /** RFC 7518, 6.2.1.1. */
  readonly crv: string;
  /** Of one coordinate. */
  readonly bytes: number;
}
/** By OpenSSL's name of the curve. */
const EC_FORMS: Readonly<Record<string, EcForm>> = {
  prime256v1: { header: ecHeader(OID.secp256r1, 64), crv: 'P-256', bytes: 32 },
  secp384r1: { header: ecHeader(OID.secp384r1, 96), crv: 'P-384', bytes: 48 },
};

/** PKCS#8 PEM (RFC 5958), unencrypted: hand it to `seal` before it meets a disk. */
export function exportPrivateKey(key: KeyObject): Secret<string> {
  return new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}

/** Reads an unencrypted private key: PKCS#8 PEM, or the older SEC 1 and PKCS#1. Throws `key.malformed`, `key.unsupported`. */
export function importPrivateKey(pem: string | Secret<string>): KeyObject {
  const text = pem instanceof Secret ? pem.reveal() : pem;
  return supported(refusingAs('key.malformed', 'not an unencrypted PEM private key', () => createPrivateKey(text)));
}

function supported(key: KeyObject): KeyObject {
  if (isSupportedKey(key)) return key;
  throw new PkiError('key.unsupported', 'keys are EC P-256 or P-384, or RSA of 2048 to 4096 bits');
}
