import { describe, expect, it } from 'vitest';
import { createHash, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { exportPrivateKey, exportSpki, importPrivateKey, publicKeyFingerprint, readSpki } from './keys.js';
import type { KeyKind } from './randomness.js';
import { generateKeyPair, randomNonce, randomSerial } from './randomness.js';
import { codeOf } from './code-of.fixture.js';

const { privateKey, publicKey } = generateKeyPair('ec-p256');

describe.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])('a key pair of the kind %s', (kind) => {
  const pair = generateKeyPair(kind);

  it('survives the trip through PEM', () => {
    expect(importPrivateKey(exportPrivateKey(pair.privateKey)).equals(pair.privateKey)).toBe(true);
    expect(exportPrivateKey(pair.privateKey).reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  it('has one fingerprint: of the public half, either half, or the DER', () => {
    const der = pair.publicKey.export({ type: 'spki', format: 'der' });
    const fingerprint = createHash('sha256').update(der).digest('hex');
    expect(publicKeyFingerprint(pair.publicKey)).toBe(fingerprint);
    expect(publicKeyFingerprint(pair.privateKey)).toBe(fingerprint);
    expect(publicKeyFingerprint(der)).toBe(fingerprint);
  });

  it('is read from its SubjectPublicKeyInfo', () => {
    expect(readSpki(exportSpki(pair.publicKey))?.equals(pair.publicKey)).toBe(true);
  });
});

describe('a private key that is exported', () => {
  it('does not print itself', () => {
    expect(`${JSON.stringify({ key: exportPrivateKey(privateKey) })}`).toBe('{"key":"[secret]"}');
  });
});

describe('a key that is not supported', () => {
  it.each([
    ['P-521', generateKeyPairSync('ec', { namedCurve: 'secp521r1' })],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' })],
    ['Ed25519', generateKeyPairSync('ed25519')],
    ['RSA-1024', generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['RSA with exponent 3', generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 })],
    ['RSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 })],
  ])('%s is refused', (_, pair) => {
    expect(codeOf(() => importPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()))).toBe(
      'key.unsupported',
    );
    expect(readSpki(pair.publicKey.export({ type: 'spki', format: 'der' }))).toBeUndefined();
  });

  it('has another encoding than the canonical one: parameters spelled out, or a compressed point', () => {
    const explicit = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' });
    expect(readSpki(explicit.publicKey.export({ type: 'spki', format: 'der' }))).toBeUndefined();

    const der = exportSpki(publicKey);
    const [header, x, y] = [der.subarray(0, 26), der.subarray(27, 59), der.subarray(59)];
    const compressed = Buffer.concat([header, Buffer.of(2 + (y.at(-1)! & 1)), x]);
    compressed[1]! -= 32;
    compressed[24]! -= 32;
    expect(createPublicKey({ key: compressed, type: 'spki', format: 'der' }).equals(publicKey)).toBe(true);
    expect(readSpki(compressed)).toBeUndefined();
  });

  it('has one fingerprint however it came', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' });
    const named = readSpki(exportSpki(publicKey));
    expect(publicKeyFingerprint(named!)).toBe(publicKeyFingerprint(publicKey));
  });

  it('is a point off the curve', () => {
    const der = exportSpki(publicKey);
    der[der.length - 1]! ^= 1;
    expect(readSpki(der)).toBeUndefined();
  });
});

describe('PEM that is no key', () => {
  const encrypted = privateKey
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' })
    .toString();

  const ofPublic = publicKey.export({ type: 'spki', format: 'pem' }).toString();

  it.each(['', 'nonsense', ofPublic, encrypted])('is refused as a private key: %#', (pem) => {
    expect(codeOf(() => importPrivateKey(pem))).toBe('key.malformed');
  });
});

describe('randomness', () => {
  it('gives serials that are positive, of full length and never the same', () => {
    const serials = Array.from({ length: 500 }, randomSerial);
    expect(serials.filter((serial) => !/^[4-7][0-9a-f]{31}$/.test(serial))).toEqual([]);
    expect(new Set(serials).size).toBe(500);
  });

  it('gives nonces of twelve bytes', () => {
    expect(randomNonce()).toHaveLength(12);
    expect(randomNonce()).not.toEqual(randomNonce());
  });
});
