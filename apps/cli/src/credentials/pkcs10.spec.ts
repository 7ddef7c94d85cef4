import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newKeyRequest } from './pkcs10.js';

/** The values inside a constructed DER value, each with its own header. */
const inside = (bytes: Buffer): Buffer[] => {
  const { start } = extent(bytes, 0);
  const found: Buffer[] = [];
  for (let at = start; at < bytes.length; at = extent(bytes, at).end)
    found.push(bytes.subarray(at, extent(bytes, at).end));
  return found;
};
const extent = (bytes: Buffer, at: number): { start: number; end: number } => {
  const first = bytes[at + 1] ?? 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  const length = octets === 0 ? first : bytes.readUIntBE(at + 2, octets);
  return { start: at + 2 + octets, end: at + 2 + octets + length };
};
const bytesOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----|\n/g, ''), 'base64');

describe('a certificate request', () => {
  const { csr, key } = newKeyRequest('store');
  const [info, algorithm, signature] = inside(bytesOf(csr)) as [Buffer, Buffer, Buffer];

  it('names its own public key and is signed by it', () => {
    const [version, name, spki, attributes] = inside(info) as [Buffer, Buffer, Buffer, Buffer];
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    expect(publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(publicKey.equals(createPublicKey(createPrivateKey(key)))).toBe(true);
    expect(version.toString('hex')).toBe('020100');
    expect(name.includes('store')).toBe(true);
    expect(attributes.toString('hex')).toBe('a000');
    expect(algorithm.toString('hex')).toBe('300a06082a8648ce3d040302');
    expect(verify('sha256', info, publicKey, signature.subarray(3))).toBe(true);
    expect(verify('sha256', Buffer.concat([info, info]), publicKey, signature.subarray(3))).toBe(false);
  });

  it('holds nothing of the private key, which is new each time', () => {
    const { d = '' } = createPrivateKey(key).export({ format: 'jwk' });
    expect(bytesOf(csr).includes(Buffer.from(d, 'base64url'))).toBe(false);
    expect(newKeyRequest('store').key).not.toBe(key);
  });
});
