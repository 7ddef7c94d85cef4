import { describe, expect, it } from '@jest/globals';
import { createCsr } from './csr.js';
import { isProvenByFormerKey, proveFormerKey } from './former-key.js';
import { generateKeyPair } from './randomness.js';
import type { KeyKind } from './randomness.js';

const csr = createCsr({ subject: { commonName: 'site' }, keyPair: generateKeyPair() });

describe('the proof that somebody had a key before', () => {
  it.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])('is made with that key, of %s, for one request', (kind) => {
    const former = generateKeyPair(kind);
    const proof = proveFormerKey(csr, former.privateKey);
    expect(isProvenByFormerKey(csr, proof, former.publicKey)).toBe(true);
    expect(isProvenByFormerKey(`${csr}\n`, proof, former.publicKey)).toBe(false);
    expect(isProvenByFormerKey(csr, proof, generateKeyPair(kind).publicKey)).toBe(false);
  });

  it('is nothing else', () => {
    const { publicKey } = generateKeyPair();
    for (const proof of ['', 'AAAA', '!', 'x'.repeat(10_000)]) {
      expect(isProvenByFormerKey(csr, proof, publicKey)).toBe(false);
    }
  });
});
