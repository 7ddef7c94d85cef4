import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newKeyRequest } from './pkcs10.js';

const openssl = (csr: string, ...more: string[]) =>
  spawnSync('openssl', ['req', '-verify', '-noout', ...more], { input: csr, encoding: 'utf8' });

// Another reader's opinion, where there is one; pkcs10.spec.ts asks for the same without.
const withOpenssl = spawnSync('openssl', ['version']).status === 0 ? describe : describe.skip;

withOpenssl('a certificate request', () => {
  it('is one to openssl: P-256, SHA-256, the subject, no extension, and a signature by its own key', () => {
    const { csr, key } = newKeyRequest('store');
    const { status, stdout, stderr } = openssl(csr, '-text');
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('verify OK') });
    expect(stdout).toMatch(/Subject: CN ?= ?store/);
    expect(stdout).toContain('prime256v1');
    expect(stdout).toContain('Signature Algorithm: ecdsa-with-SHA256');
    expect(stdout).toMatch(/Attributes:\s+\(none\)/);

    const named = execFileSync('openssl', ['req', '-pubkey', '-noout'], { input: csr, encoding: 'utf8' });
    const own = createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'pem' });
    expect(named).toBe(own);
  });

  it.each([1, 40, 64, 200])('is well-formed for a name of %d characters', (length) => {
    const { csr } = newKeyRequest('é'.repeat(length));
    expect(openssl(csr).stderr).toContain('verify OK');
  });

  it('does not verify with one bit of its signature changed', () => {
    const { csr } = newKeyRequest('store');
    const bytes = Buffer.from(csr.replace(/-----.*-----|\n/g, ''), 'base64');
    bytes[bytes.length - 1]! ^= 1;
    const damaged = `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
    // It says so and yet ends with 0.
    expect(openssl(damaged).stderr).toContain('verify failure');
  });
});
