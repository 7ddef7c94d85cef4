import { describe, expect, it } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { decode, encode, members } from './der.js';
import { issueCertificate, selfSignRoot } from './issue.js';
import type { IssueRequest } from './order.js';
import { decodePem } from './pem.js';
import type { CaProfileName, LeafProfile, LeafProfileName } from './profiles.js';
import { PROFILES } from './profiles.js';
import type { KeyKind } from './randomness.js';
import { generateKeyPair, randomSerial } from './randomness.js';
import { DAY, INSTALLATION, ISSUED_BY, MINUTE, NOW, issue, tree, usual } from './tree.fixture.js';

const { authorities, leaf } = tree();
const CAS = Object.keys(authorities) as CaProfileName[];
const LEAVES = Object.keys(ISSUED_BY).filter((name): name is LeafProfileName => !CAS.includes(name as CaProfileName));
const USAGE_OIDS = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' };

/** The extension with this DER object identifier, as it stands in the certificate: critical or not, then its value. */
function extension(certificatePem: string, oidHex: string): string | undefined {
  return new RegExp(`${oidHex}(0101ff)?04..([0-9a-f]*)`).exec(
    new X509Certificate(certificatePem).raw.toString('hex'),
  )?.[0];
}

describe.each(CAS)('an authority of the profile %s', (profile) => {
  const { certificatePem, ...facts } = authorities[profile];
  const x509 = new X509Certificate(certificatePem);

  it('signs certificates, to the depth of its place in the tree', () => {
    expect(x509.ca).toBe(true);
    expect(facts.pathLength).toBe(PROFILES[profile].pathLength);
    expect(extension(certificatePem, '0603551d13')).toMatch(/^0603551d130101ff/);
    // keyCertSign and cRLSign, critical.
    expect(extension(certificatePem, '0603551d0f')).toMatch(/^0603551d0f0101ff040403020106/);
  });

  it('is nobody and serves nothing', () => {
    expect(facts).toMatchObject({ uris: [], hosts: [], usages: [] });
    expect(x509.subjectAltName).toBeUndefined();
  });

  it('is signed by the authority above it', () => {
    const issuer = authorities[profile === 'root' ? 'root' : ISSUED_BY[profile]];
    expect(x509.verify(issuer.keyPair.publicKey)).toBe(true);
    expect(x509.checkIssued(new X509Certificate(issuer.certificatePem))).toBe(true);
    expect(x509.verify(authorities[profile === 'claimCa' ? 'memberCa' : 'claimCa'].keyPair.publicKey)).toBe(false);
    expect(facts.akid).toBe(issuer.skid);
  });
});

describe.each(LEAVES)('a leaf of the profile %s', (name) => {
  const { certificatePem, keyPair, ...facts } = leaf(name);
  const profile: LeafProfile = PROFILES[name];
  const x509 = new X509Certificate(certificatePem);

  it('has the usages of its profile and no others, and signs no certificates', () => {
    expect(x509.keyUsage).toEqual(profile.usages.map((usage) => USAGE_OIDS[usage]));
    expect(facts.usages.toSorted()).toEqual(profile.usages.toSorted());
    expect(facts).toMatchObject({ isCa: false, pathLength: undefined });
    // digitalSignature alone, critical; basicConstraints critical and empty.
    expect(extension(certificatePem, '0603551d0f')).toMatch(/^0603551d0f0101ff040403020780/);
    expect(extension(certificatePem, '0603551d13')).toMatch(/^0603551d130101ff04023000/);
  });

  it('names whom it is for, and the hosts it serves, in its alternative names alone', () => {
    const { identity, hosts = [] } = usual(name);
    expect(facts.uris).toEqual([identity]);
    expect(facts.hosts).toEqual(hosts);
    expect(facts.commonName).toBe(`a ${name}`);
    expect(x509.checkHost('relay.example.org')).toBe(hosts.length > 0 ? 'relay.example.org' : undefined);
    expect(x509.checkIP('192.0.2.7')).toBe(hosts.length > 0 ? '192.0.2.7' : undefined);
    // The same address as a DNS name, for routers that compare text.
    expect(x509.subjectAltName?.includes('DNS:192.0.2.7') ?? false).toBe(hosts.length > 0);
    expect(x509.checkHost('other.example.org')).toBeUndefined();
  });

  it('binds its own key under the authority that signs this profile', () => {
    const issuer = authorities[ISSUED_BY[name]];
    expect(x509.publicKey.equals(keyPair.publicKey)).toBe(true);
    expect(x509.verify(issuer.keyPair.publicKey)).toBe(true);
    expect(facts.akid).toBe(issuer.skid);
    expect(facts.skid).not.toBe(facts.akid);
  });

  it('lasts as long as its profile says', () => {
    expect(facts.notBefore).toBe(authorities[ISSUED_BY[name]].notBefore);
    expect(facts.notAfter).toBe(new Date(NOW.getTime() + profile.lifetimeMs).toISOString());
  });
});

describe('issuing', () => {
  const request: IssueRequest = {
    profile: 'member',
    ...usual('member'),
    publicKey: generateKeyPair().publicKey,
    commonName: 'member x1',
    installation: INSTALLATION,
    serial: randomSerial(),
    now: new Date(NOW.getTime() + DAY),
    issuer: {
      certificatePem: authorities.memberCa.certificatePem,
      privateKey: authorities.memberCa.keyPair.privateKey,
    },
  };

  it('signs the same bytes for the same request', () => {
    const [one, two] = [issueCertificate(request), issueCertificate(request)];
    expect(toBeSigned(one.certificatePem)).toEqual(toBeSigned(two.certificatePem));
    const other = issueCertificate({ ...request, serial: randomSerial() });
    expect(toBeSigned(other.certificatePem)).not.toEqual(toBeSigned(one.certificatePem));
  });

  it('takes serial, name and times from the request', () => {
    const certificate = issueCertificate({ ...request, lifetimeMs: 10 * MINUTE });
    expect(certificate).toMatchObject({
      serial: request.serial,
      subject: 'CN=member x1',
      notBefore: new Date(request.now.getTime() - MINUTE).toISOString(),
      notAfter: new Date(request.now.getTime() + 10 * MINUTE).toISOString(),
    });
  });

  it('never leaves the window of the network', () => {
    const opens = new Date(NOW.getTime() + 10 * DAY);
    const closes = new Date(NOW.getTime() + 20 * DAY);
    const certificate = issueCertificate({ ...request, window: { notBefore: opens, notAfter: closes } });
    expect([certificate.notBefore, certificate.notAfter]).toEqual([opens.toISOString(), closes.toISOString()]);
  });

  it('never outlives the issuer', () => {
    const now = new Date(new Date(authorities.memberCa.notAfter).getTime() - DAY);
    expect(issueCertificate({ ...request, now }).notAfter).toBe(authorities.memberCa.notAfter);
  });

  it('writes each host once, in its canonical form', () => {
    const hosts = ['Relay.Example.org', 'relay.example.org', '[2001:DB8::7]', '2001:db8:0::7', '192.0.2.7'];
    expect(leaf('accessPoint', { hosts }).hosts).toEqual(['relay.example.org', '2001:db8::7', '192.0.2.7']);
  });

  it('says where revoked certificates are listed, when that is known', () => {
    const url = 'http://crl.example.org/member.crl';
    const { certificatePem } = leaf('member', { crlUrls: [url] });
    expect(new X509Certificate(certificatePem).raw.toString('latin1')).toContain(url);
    expect(extension(certificatePem, '0603551d1f')).toContain('0603551d1f042b30293027a025a0238621');
    expect(extension(leaf('member').certificatePem, '0603551d1f')).toBeUndefined();
  });

  it('writes years from 2050 on as GeneralizedTime', () => {
    const keyPair = generateKeyPair();
    const root = selfSignRoot({ keyPair, commonName: 'r', serial: randomSerial(), now: NOW, lifetimeMs: 9999 * DAY });
    expect(root.notAfter).toBe(new Date(NOW.getTime() + 9999 * DAY).toISOString());
    expect(toBeSigned(root.certificatePem).toString('latin1')).toContain('20571016120000Z');
  });

  it.each<[KeyKind, KeyKind]>([
    ['rsa-2048', 'ec-p256'],
    ['ec-p256', 'rsa-2048'],
    ['ec-p384', 'ec-p384'],
  ])('works under a %s issuer for a %s subject', (issuerKind, subjectKind) => {
    const keyPair = generateKeyPair(issuerKind);
    const root = selfSignRoot({ keyPair, commonName: 'root', serial: randomSerial(), now: NOW });
    const member = issue({ ...root, keyPair }, 'member', usual('member'), subjectKind);
    const x509 = new X509Certificate(member.certificatePem);
    expect(x509.verify(keyPair.publicKey)).toBe(true);
    expect(x509.publicKey.equals(member.keyPair.publicKey)).toBe(true);
  });
});

function toBeSigned(certificatePem: string): Buffer {
  const [tbs] = members(decode(decodePem('CERTIFICATE', certificatePem)![0]!));
  return encode(tbs!);
}
