import { describe, expect, it } from 'vitest';
import {
  describeCertificate,
  formatIdentity,
  generateKeyPair,
  issueCertificate,
  parseIdentity,
  randomSerial,
  selfSignRoot,
} from '@caravan/pki';
import { credentialOf as credentialIn, inboxOf } from './credential.js';
import type { AuthorizationRequest } from './credential.js';

const installation = 'acme';
const now = new Date('2030-06-01T12:00:00Z');
const credentialOf = (from: AuthorizationRequest, to: string) => credentialIn(from, to, { of: describeCertificate });
const common = () => ({ commonName: 'spec', serial: randomSerial(), now });

function chainOf(identity: string): string[] {
  const [rootKey, authorityKey] = [generateKeyPair(), generateKeyPair()];
  const root = selfSignRoot({ ...common(), keyPair: rootKey });
  const authority = issueCertificate({
    ...common(),
    profile: 'managementCa',
    installation,
    publicKey: authorityKey.publicKey,
    issuer: { certificatePem: root.certificatePem, privateKey: rootKey.privateKey },
  });
  const leaf = issueCertificate({
    ...common(),
    profile: 'managementSite',
    identity,
    installation: parseIdentity(identity)!.installation,
    publicKey: generateKeyPair().publicKey,
    issuer: { certificatePem: authority.certificatePem, privateKey: authorityKey.privateKey },
  });
  return [leaf, authority, root].map(({ certificatePem }) => certificatePem);
}
const ours = formatIdentity({ kind: 'management-site', installation, siteId: 'g1' });
const foreign = formatIdentity({ kind: 'management-site', installation: 'mallory', siteId: 'g1' });

const request = (tls: AuthorizationRequest['client_tls'], name?: string): AuthorizationRequest => ({
  user_nkey: 'U',
  server_id: { id: 'N' },
  ...(name !== undefined && { connect_opts: { name } }),
  ...(tls && { client_tls: tls }),
});

describe('who a NATS client is', () => {
  it('is its verified certificate, and who signed that', () => {
    const chain = chainOf(ours);
    expect(credentialOf(request({ verified_chains: [chain] }), installation)).toEqual({
      identity: { kind: 'management-site', installation, siteId: 'g1' },
      serial: describeCertificate(chain[0]!).serial,
      issuerFingerprint: describeCertificate(chain[1]!).fingerprint,
      notAfter: describeCertificate(chain[0]!).notAfter,
    });
  });

  it.each([
    ['no TLS at all', undefined],
    ['no certificate', {}],
    ['no verified chain', { verified_chains: [] }],
    ['an empty chain', { verified_chains: [[]] }],
    ['a leaf that nobody signed', { verified_chains: [chainOf(ours).slice(0, 1)] }],
  ])('is nobody with %s', (_, tls) => {
    expect(() => credentialOf(request(tls), installation)).toThrow(expect.objectContaining({ code: 'identity.none' }));
  });

  it('is nobody with the certificate of an authority, or of one that is for servers', () => {
    const [leaf, authority, root] = chainOf(ours) as [string, string, string];
    const notAClient = expect.objectContaining({ code: 'certificate.not-a-client' });
    expect(() => credentialOf(request({ verified_chains: [[authority, root]] }), installation)).toThrow(notAClient);
    const facts = describeCertificate(leaf);
    const server = { of: () => ({ ...facts, usages: ['server' as const] }) };
    const asked = request({ verified_chains: [[leaf, authority]] });
    expect(() => credentialIn(asked, installation, server)).toThrow(notAClient);
  });

  it('is nobody with a certificate of another installation', () => {
    expect(() => credentialOf(request({ verified_chains: [chainOf(foreign)] }), installation)).toThrow(
      expect.objectContaining({ code: 'identity.foreign' }),
    );
  });
});

describe('the inbox of a NATS client', () => {
  it('is scoped by its random connection name', () => {
    const name = 'k3Jq0vZ_x8Lr2-PnT7wYcA';
    expect(inboxOf(request({}, name))).toBe(`_INBOX_${name}.>`);
  });

  it.each([
    undefined,
    '',
    'site',
    'x'.repeat(21),
    'x'.repeat(65),
    `${'x'.repeat(22)}.>`,
    '*'.repeat(22),
    '> '.repeat(12),
  ])('is refused to a connection called %j: it could be guessed, or hear others', (name) => {
    expect(() => inboxOf(request({}, name))).toThrow(expect.objectContaining({ code: 'connection.unnamed' }));
  });
});
