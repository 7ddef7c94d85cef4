import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { PkiError } from './pki-error.js';

/**
 * Encryption of keys at rest: AES-256-GCM (NIST SP 800-38D) in an envelope that names the key it needs.
 *
 *     version (1) | key id (8) | nonce (12) | ciphertext | tag (16)
 *
 * Version, key id and the caller's context are authenticated data. The context says what is sealed and for whom
 * (`authority/<id>/private-key`), so that an envelope moved to another row does not open there.
 */
const VERSION = 1;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const OVERHEAD = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;

/**
 * Seals `plaintext` under a 32-byte key. A nonce (12 bytes) must never be used twice with one key: the same pair reveals both
 * plaintexts and lets tags be forged. Take it from `randomNonce()`.
 *
 * @throws PkiError `seal.bad-parameter` when key or nonce has the wrong length
 */
export function seal(plaintext: Buffer, key: Buffer, context: string, nonce: Buffer): Buffer {
  if (nonce.length !== NONCE_BYTES) throw new PkiError('seal.bad-parameter', `a nonce has ${NONCE_BYTES} bytes`);
  const header = Buffer.concat([Buffer.of(VERSION), keyId(key)]);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(authenticated(header, context));
  return Buffer.concat([header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens what `seal` made with the same key and context.
 *
 * @throws PkiError `seal.wrong-key` when it was sealed under another key; `seal.tampered` when bytes or context differ;
 * `seal.bad-parameter` when the key has the wrong length
 */
export function unseal(envelope: Buffer, key: Buffer, context: string): Buffer {
  const wanted = sealingKeyId(envelope);
  if (wanted !== sealKeyId(key)) {
    throw new PkiError('seal.wrong-key', `sealed under key ${wanted}, opened with ${sealKeyId(key)}`);
  }
  const body = envelope.subarray(HEADER_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(envelope.subarray(0, HEADER_BYTES), context));
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(body.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new PkiError('seal.tampered', 'the envelope or its context is not what was sealed');
  }
}

/** Which key an envelope needs (16 hex digits): how a key ring finds it while keys rotate. Throws `seal.tampered`. */
export function sealingKeyId(envelope: Buffer): string {
  if (envelope.length < OVERHEAD || envelope[0] !== VERSION) {
    throw new PkiError('seal.tampered', 'this is not an envelope of a known version');
  }
  return envelope.subarray(1, HEADER_BYTES).toString('hex');
}

/** The id under which envelopes name this key (16 hex digits). It says nothing about the key. */
export function sealKeyId(key: Buffer): string {
  return keyId(key).toString('hex');
}

function keyId(key: Buffer): Buffer {
  if (key.length !== KEY_BYTES) throw new PkiError('seal.bad-parameter', `a sealing key has ${KEY_BYTES} bytes`);
  return createHmac('sha256', key).update('caravan sealing key id').digest().subarray(0, KEY_ID_BYTES);
}

const authenticated = (header: Buffer, context: string): Buffer =>
  Buffer.concat([header, Buffer.from(context, 'utf8')]);
