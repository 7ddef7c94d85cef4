import type { KeyObject } from 'node:crypto';
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/**
 * The impure edge: the one file of this library that draws randomness. Keys are made where they are used, so this runs at the
 * site, in the CLI and in cert-service; everything else here is a function of its arguments.
 */
export type KeyKind = 'ec-p256' | 'ec-p384' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A new key pair. EC takes a fifth of a millisecond; RSA blocks the thread for a tenth of a second and more. */
export function generateKeyPair(kind: KeyKind = 'ec-p256'): KeyPair {
  switch (kind) {
    case 'ec-p256':
      return detached(generateKeyPairSync('ec', { namedCurve: 'prime256v1' }), 'sec1');
    case 'ec-p384':
      return detached(generateKeyPairSync('ec', { namedCurve: 'secp384r1' }), 'sec1');
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return detached(generateKeyPairSync('rsa', { modulusLength: Number(kind.slice('rsa-'.length)) }), 'pkcs1');
  }
}

/**
 * The same key, and nothing of what made it. Node 20 holds a key's lock while it writes it as a JWK, and takes it again when the job
 * that made the key is collected: a collection in the middle of the former stops the process for ever (detached-keys.int.spec.ts).
 */
function detached({ privateKey: made }: KeyPair, type: 'sec1' | 'pkcs1'): KeyPair {
  const der = made.export({ type, format: 'der' });
  const privateKey = createPrivateKey({ key: der, type, format: 'der' });
  der.fill(0);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/**
 * A certificate serial number: 32 hex digits, positive, 126 random bits. The top byte lies in 40..7f: never negative, never
 * shortened by DER, so serials compare as strings (RFC 5280, 4.1.2.2: positive and at most 20 bytes).
 */
export function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | (bytes[0]! & 0x3f);
  return bytes.toString('hex');
}

/** A nonce for `seal`: 12 bytes, to be used once. */
export function randomNonce(): Buffer {
  return randomBytes(12);
}
