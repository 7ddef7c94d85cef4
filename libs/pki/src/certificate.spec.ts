import { describe, expect, it } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import fc from 'fast-check';
import { describeCertificate } from './certificate.js';
import { integer, implicit, octets, sequence } from './der.js';
import { foreignCertificate, foreignExtension } from './foreign.fixture.js';
import { publicKeyFingerprint } from './keys.js';
import { OID } from './oids.js';
import { decodePem, encodePem } from './pem.js';
import { codeOf } from './code-of.fixture.js';
import { tree } from './tree.fixture.js';

const { leaf, authorities } = tree();
const accessPoint = leaf('accessPoint');

describe('a certificate, described', () => {
  const facts = describeCertificate(accessPoint.certificatePem);

  it('agrees with OpenSSL', () => {
    const x509 = new X509Certificate(accessPoint.certificatePem);
    expect(facts).toMatchObject({
      serial: x509.serialNumber.toLowerCase(),
      subject: 'CN=a accessPoint',
      issuer: 'CN=a infrastructureCa',
      fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      publicKeyFingerprint: publicKeyFingerprint(accessPoint.keyPair.publicKey),
      akid: authorities.infrastructureCa.skid,
    });
    expect(new Date(facts.notAfter)).toEqual(new Date(x509.validTo));
    expect(facts.notBefore).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  });

  it('is what issuing returned', () => {
    const { certificatePem: _pem, keyPair: _keys, ...issued } = accessPoint;
    expect(facts).toEqual(issued);
  });

  it('is read once while it is asked about, and again behind many others', () => {
    const { certificatePem } = leaf('member');
    const first = describeCertificate(certificatePem);
    expect(describeCertificate(certificatePem)).toBe(first);
    for (const other of rootCertificates.slice(0, 64)) describeCertificate(other);
    expect(describeCertificate(certificatePem)).not.toBe(first);
    expect(describeCertificate(certificatePem)).toEqual(first);
  });

  it('can be any root that the world trusts', () => {
    const described = rootCertificates.map((pem) => describeCertificate(pem));
    expect(described.length).toBeGreaterThan(100);
    expect(described.filter(({ isCa }) => !isCa)).toEqual([]);
  });

  it('of version 1 has no extensions to tell of', () => {
    expect(describeCertificate(foreignCertificate({}))).toMatchObject({
      isCa: false,
      uris: [],
      hosts: [],
      skid: undefined,
      akid: undefined,
    });
  });

  it('shows names as they are encoded, not as they would print', () => {
    const smuggled = implicit(2, Buffer.from('a.example, URI:spiffe://x/service/y'));
    const pem = foreignCertificate({ extensions: [foreignExtension(OID.subjectAltName, sequence(smuggled))] });
    expect(describeCertificate(pem)).toMatchObject({ uris: [], hosts: ['a.example, URI:spiffe://x/service/y'] });
  });
});

describe('a certificate is malformed', () => {
  const san = foreignExtension(OID.subjectAltName, sequence(implicit(6, Buffer.from('spiffe://x'))));

  it.each([
    ['nothing', ''],
    ['two of them', accessPoint.certificatePem.repeat(2)],
    ['something else', accessPoint.certificatePem.replaceAll('CERTIFICATE', 'PUBLIC KEY')],
    ['an extension twice', foreignCertificate({ extensions: [san, san] })],
    [
      'names that are none',
      foreignCertificate({ extensions: [foreignExtension(OID.subjectAltName, octets(Buffer.of(1)))] }),
    ],
    [
      'a path length without end',
      foreignCertificate({
        extensions: [
          foreignExtension(OID.basicConstraints, sequence(integer(Buffer.of(1)), integer(Buffer.alloc(9, 1)))),
        ],
      }),
    ],
  ])('with %s', (_, pem) => {
    expect(codeOf(() => describeCertificate(pem))).toBe('certificate.malformed');
  });

  it('or described, and nothing else, after any change of its bytes', () => {
    const [der] = decodePem('CERTIFICATE', accessPoint.certificatePem)!;
    const changes = fc.array(fc.tuple(fc.nat(der!.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
    const property = fc.property(changes, (edits) => {
      const bytes = Buffer.from(der!);
      for (const [at, byte] of edits) bytes[at] = byte;
      const code = codeOf(() => describeCertificate(encodePem('CERTIFICATE', bytes)));
      expect(['accepted', 'certificate.malformed']).toContain(code);
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
