import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Identity } from './identity.js';
import { formatIdentity, identityOf, parseIdentity } from './identity.js';
import { implicit, sequence } from './der.js';
import { foreignCertificate, foreignExtension } from './foreign.fixture.js';
import { OID } from './oids.js';
import { codeOf } from './code-of.fixture.js';
import { INSTALLATION, tree } from './tree.fixture.js';

const installation = 'acme';
const TABLE: [string, Identity][] = [
  ['spiffe://acme/network/n/claim/i', { kind: 'claim', installation, networkId: 'n', invitationId: 'i' }],
  ['spiffe://acme/network/n/member/m', { kind: 'member', installation, networkId: 'n', memberId: 'm' }],
  ['spiffe://acme/backbone/b/site/s', { kind: 'backbone-site', installation, backboneId: 'b', siteId: 's' }],
  ['spiffe://acme/backbone/b/bootstrap/s', { kind: 'bootstrap', installation, backboneId: 'b', siteId: 's' }],
  [
    'spiffe://acme/backbone/b/access-point/a',
    { kind: 'access-point', installation, backboneId: 'b', accessPointId: 'a' },
  ],
  ['spiffe://acme/backbone/b/manage/m', { kind: 'manage-link', installation, backboneId: 'b', siteId: 'm' }],
  ['spiffe://acme/service/cert-service', { kind: 'service', installation, name: 'cert-service' }],
  ['spiffe://acme/management/site/m', { kind: 'management-site', installation, siteId: 'm' }],
  ['spiffe://acme/administrator/first', { kind: 'administrator', installation, name: 'first' }],
];

describe('an identity', () => {
  it.each(TABLE)('%s is read and written', (uri, identity) => {
    expect(parseIdentity(uri)).toEqual(identity);
    expect(formatIdentity(identity)).toBe(uri);
  });

  it.each([
    'spiffe://acme',
    'spiffe://acme/',
    'spiffe://acme/network/n/member/m/',
    'spiffe://acme//network/n/member/m',
    'spiffe://acme/network/n/member/',
    'spiffe://acme/network/n/member/..',
    'spiffe://acme/network/n/member/m%2F',
    'spiffe://acme/network/n/member/m?x=1',
    'spiffe://acme/network/n/member/m#f',
    'spiffe://acme/network/n/member/m\n',
    'spiffe://acme/network/n/Member/m',
    'spiffe://acme/network/n/owner/m',
    `spiffe://acme/network/n/member/${'m'.repeat(65)}`,
    'spiffe://acme:443/network/n/member/m',
    'spiffe://user@acme/network/n/member/m',
    'spiffe://ACME/network/n/member/m',
    'SPIFFE://acme/network/n/member/m',
    'https://acme/network/n/member/m',
    '',
  ])('%j is not one of ours', (uri) => {
    expect(parseIdentity(uri)).toBeUndefined();
  });

  it('comes back as it was written, or is refused', () => {
    const part = fc.oneof(fc.stringMatching(/^[A-Za-z0-9._-]{1,70}$/), fc.string());
    fc.assert(
      fc.property(part, part, part, (name, networkId, memberId) => {
        const identity: Identity = { kind: 'member', installation: name, networkId, memberId };
        const code = codeOf(() => expect(parseIdentity(formatIdentity(identity))).toEqual(identity));
        expect(['accepted', 'identity.unknown']).toContain(code);
      }),
    );
  });
});

describe('the identity of a certificate', () => {
  const { leaf } = tree();

  it('is its only URI name', () => {
    const { certificatePem } = leaf('member');
    expect(identityOf(certificatePem, INSTALLATION)).toEqual({
      kind: 'member',
      installation: INSTALLATION,
      networkId: 'n1',
      memberId: 'x1',
    });
  });

  it('is nobody where the certificate names only hosts', () => {
    const { certificatePem } = leaf('natsServer', { identity: undefined } as never);
    expect(codeOf(() => identityOf(certificatePem, INSTALLATION))).toBe('identity.none');
  });

  it('is refused when it belongs to another installation', () => {
    expect(codeOf(() => identityOf(leaf('member').certificatePem, 'other.example'))).toBe('identity.foreign');
  });

  it.each([
    [
      'identity.ambiguous',
      [`spiffe://${INSTALLATION}/network/n/claim/i`, `spiffe://${INSTALLATION}/network/n/member/m`],
    ],
    ['identity.ambiguous', [`spiffe://${INSTALLATION}/network/n/member/m`, 'https://example.org/']],
    ['identity.unknown', ['https://example.org/']],
    ['identity.unknown', [`spiffe://${INSTALLATION}/network/n/member/m\0`]],
    ['accepted', [`spiffe://${INSTALLATION}/network/n/member/m`]],
  ])('is %s for the URI names %j', (code, uris) => {
    const names = sequence(...uris.map((uri) => implicit(6, Buffer.from(uri))));
    const certificate = foreignCertificate({ extensions: [foreignExtension(OID.subjectAltName, names)] });
    expect(codeOf(() => identityOf(certificate, INSTALLATION))).toBe(code);
  });

  it('is refused when there is no certificate', () => {
    expect(codeOf(() => identityOf('nonsense', INSTALLATION))).toBe('certificate.malformed');
  });
});
