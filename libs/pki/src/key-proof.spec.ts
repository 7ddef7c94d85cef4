import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCsr } from './csr.js';
import { isProvenByFormerKey, isProvenByLinkKey, proveFormerKey, proveLinkKey } from './key-proof.js';
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

describe('the proof that a site has the key of what it shows', () => {
  const of = { siteId: 'mine', certificate: 'pem' };
  const kinds = (['ec-p256', 'rsa-2048'] as const).map((kind) => [kind, generateKeyPair(kind)] as const);
  it.each([...kinds, ['ed25519', generateKeyPairSync('ed25519')] as const])(
    'is made with %s, for one site',
    (_, keys) => {
      const proof = proveLinkKey(of, keys.privateKey);
      expect(isProvenByLinkKey(of, proof, keys.publicKey)).toBe(true);
      expect(isProvenByLinkKey({ ...of, siteId: 'another' }, proof, keys.publicKey)).toBe(false);
      expect(isProvenByLinkKey({ ...of, certificate: 'other' }, proof, keys.publicKey)).toBe(false);
      expect(isProvenByLinkKey(of, proof, generateKeyPair().publicKey)).toBe(false);
    },
  );

  it('is none that it had a key before, nor the other way round', () => {
    const { privateKey, publicKey } = generateKeyPair();
    const said = `${of.siteId}\n${of.certificate}`;
    expect(isProvenByFormerKey(said, proveLinkKey(of, privateKey), publicKey)).toBe(false);
    expect(isProvenByLinkKey(of, proveFormerKey(said, privateKey), publicKey)).toBe(false);
  });
});
