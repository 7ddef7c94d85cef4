import { describe, expect, it } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { foreignCertificate } from './foreign.fixture.js';
import { issueCertificate, selfSignRoot } from './issue.js';
import type { IssueRequest } from './order.js';
import { generateKeyPair, randomSerial } from './randomness.js';
import { codeOf } from './code-of.fixture.js';
import { DAY, INSTALLATION, NOW, tree, usual } from './tree.fixture.js';

const { authorities, leaf } = tree();
const issuerOf = (name: keyof typeof authorities): IssueRequest['issuer'] => ({
  certificatePem: authorities[name].certificatePem,
  privateKey: authorities[name].keyPair.privateKey,
});
const member: IssueRequest = {
  profile: 'member',
  ...usual('member'),
  publicKey: generateKeyPair().publicKey,
  commonName: 'member',
  installation: INSTALLATION,
  serial: randomSerial(),
  now: NOW,
  issuer: issuerOf('memberCa'),
};
const accessPoint: IssueRequest = { ...member, profile: 'accessPoint', ...usual('accessPoint') };
const { identity: _identity, ...authority }: IssueRequest = {
  ...member,
  profile: 'memberCa',
  issuer: issuerOf('networkCa'),
};

describe('what is right', () => {
  it.each([member, accessPoint, authority])('is accepted: %#', (request) => {
    expect(codeOf(() => issueCertificate(request))).toBe('accepted');
  });
});

describe('a certificate is refused', () => {
  it.each([
    '',
    '00',
    'f'.repeat(32),
    `8${'0'.repeat(31)}`,
    `00${'1'.repeat(30)}`,
    '1'.repeat(31),
    '1'.repeat(33),
    'A'.repeat(32),
    `${'1'.repeat(32)}\n`,
  ])('with the serial %j: not positive, or not of 16 bytes', (serial) => {
    expect(codeOf(() => issueCertificate({ ...member, serial }))).toBe('certificate.bad-serial');
  });

  it.each(['', 'x'.repeat(65), 'a\nb', 'a\0b', 'relay.example.org', '*.example.org', '192.0.2.7', '::1', 'a\u202eb'])(
    'with the common name %j',
    (commonName) => {
      expect(codeOf(() => issueCertificate({ ...member, commonName }))).toBe('certificate.bad-common-name');
      expect(codeOf(() => issueCertificate({ ...authority, commonName }))).toBe('certificate.bad-common-name');
    },
  );

  it('with an identity of another installation', () => {
    expect(codeOf(() => issueCertificate({ ...member, installation: 'another' }))).toBe('certificate.bad-identity');
  });

  it('with an identity of another kind, or none, or a malformed one', () => {
    const { identity, ...nobody } = member;
    const asks = [usual('claim').identity!, `${identity!}/`, 'https://example.org/', `spiffe://${INSTALLATION}`];
    for (const other of asks) {
      expect(codeOf(() => issueCertificate({ ...member, identity: other }))).toBe('certificate.bad-identity');
    }
    expect(codeOf(() => issueCertificate(nobody))).toBe('certificate.bad-identity');
    expect(codeOf(() => issueCertificate({ ...authority, identity: identity! }))).toBe('certificate.bad-identity');
  });

  it('with hosts where none belong, without where they are needed, or with a bad one', () => {
    const bad: IssueRequest[] = [
      { ...member, hosts: ['relay.example.org'] },
      { ...authority, hosts: ['relay.example.org'] },
      { ...accessPoint, hosts: [] },
      { ...accessPoint, hosts: ['*.example.org'] },
      { ...accessPoint, hosts: ['relay.example.org', 'a b'] },
    ];
    for (const request of bad) expect(codeOf(() => issueCertificate(request))).toBe('certificate.bad-host');
  });

  it.each([0, -1, NaN, Infinity, 101 * 365 * DAY])('with a lifetime of %d ms', (lifetimeMs) => {
    expect(codeOf(() => issueCertificate({ ...member, lifetimeMs }))).toBe('certificate.bad-lifetime');
  });

  it('as an authority that is limited to an installation, when none is named', () => {
    const ca: IssueRequest = { ...authority, profile: 'backboneCa', issuer: issuerOf('root') };
    for (const installation of ['', 'a/b']) {
      expect(codeOf(() => issueCertificate({ ...ca, installation }))).toBe('certificate.bad-identity');
    }
    expect(codeOf(() => issueCertificate(ca))).toBe('accepted');
  });

  it.each([
    '',
    'ldap://crl.example.org/a',
    'http://',
    'http://crl.example.org/ä',
    `http://c/${'x'.repeat(512)}`,
    'crl.example',
  ])('with a list of revoked certificates at %j', (url) => {
    expect(codeOf(() => issueCertificate({ ...member, crlUrls: [url] }))).toBe('certificate.bad-crl-url');
  });

  it('outside its window, or under an issuer that is over', () => {
    const over = { notAfter: new Date(NOW.getTime() - DAY) };
    expect(codeOf(() => issueCertificate({ ...member, window: over }))).toBe('certificate.outside-window');
    const late = new Date(NOW.getTime() + 30 * 365 * DAY);
    expect(codeOf(() => issueCertificate({ ...member, now: late }))).toBe('certificate.outside-window');
  });

  it('for a key that is not supported, or not public', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(codeOf(() => issueCertificate({ ...member, publicKey }))).toBe('key.unsupported');
    expect(codeOf(() => issueCertificate({ ...member, publicKey: generateKeyPair().privateKey }))).toBe(
      'key.unsupported',
    );
  });
});

describe('an issuer is refused', () => {
  it('when it is a leaf, or a certificate without constraints', () => {
    const { certificatePem, keyPair } = leaf('member');
    const issuer = { certificatePem, privateKey: keyPair.privateKey };
    expect(codeOf(() => issueCertificate({ ...member, issuer }))).toBe('issuer.not-a-ca');
    const bare = { certificatePem: foreignCertificate({ keyPair }), privateKey: keyPair.privateKey };
    expect(codeOf(() => issueCertificate({ ...member, issuer: bare }))).toBe('issuer.not-a-ca');
  });

  it('when the key is not its own, or only its public half', () => {
    for (const privateKey of [authorities.claimCa.keyPair.privateKey, authorities.memberCa.keyPair.publicKey]) {
      const issuer = { ...issuerOf('memberCa'), privateKey };
      expect(codeOf(() => issueCertificate({ ...member, issuer }))).toBe('issuer.key-mismatch');
    }
  });

  it('when it has no room below for such an authority', () => {
    const refused = [
      ['memberCa', 'claimCa'],
      ['networkCa', 'networkCa'],
      ['networkCa', 'backboneCa'],
      ['managementCa', 'memberCa'],
    ] as const;
    for (const [issuer, profile] of refused) {
      expect(codeOf(() => issueCertificate({ ...authority, profile, issuer: issuerOf(issuer) }))).toBe(
        'issuer.path-too-short',
      );
    }
  });

  it('when its certificate is malformed', () => {
    const issuer = { ...issuerOf('memberCa'), certificatePem: 'nonsense' };
    expect(codeOf(() => issueCertificate({ ...member, issuer }))).toBe('certificate.malformed');
  });

  it('when it signs with a key that is not supported', () => {
    const keyPair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const root = { keyPair, commonName: 'root', serial: randomSerial(), now: NOW };
    expect(codeOf(() => selfSignRoot(root))).toBe('key.unsupported');
  });
});
