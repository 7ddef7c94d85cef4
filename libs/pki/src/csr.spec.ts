import { describe, expect, it } from 'vitest';
import { generateKeyPairSync, sign } from 'node:crypto';
import { createCsr, readCsr } from './csr.js';
import { bits, decode, encode, integer, members, nullValue, oid, sequence } from './der.js';
import { exportSpki, publicKeyFingerprint } from './keys.js';
import { OID } from './oids.js';
import { decodePem, encodePem } from './pem.js';
import type { KeyKind } from './randomness.js';
import { generateKeyPair } from './randomness.js';
import { codeOf } from './code-of.fixture.js';

const subject = { commonName: 'site one' };
const keyPair = generateKeyPair();
const pem = createCsr({ subject, keyPair });
const der = decodePem('CERTIFICATE REQUEST', pem)![0]!;
const asPem = (bytes: Buffer): string => encodePem('CERTIFICATE REQUEST', bytes);

describe('a certificate request', () => {
  it.each<KeyKind>(['ec-p256', 'ec-p384', 'rsa-2048'])('proves possession of a key of the kind %s', (kind) => {
    const pair = generateKeyPair(kind);
    const facts = readCsr(createCsr({ subject, keyPair: pair }));
    expect(facts.publicKey.equals(pair.publicKey)).toBe(true);
    expect(facts.publicKeyFingerprint).toBe(publicKeyFingerprint(pair.publicKey));
    expect(facts.subject).toEqual(subject);
  });

  it('may ask for the constraints of an authority, for a signer outside', () => {
    const csr = createCsr({ subject, keyPair, authority: { profile: 'managementCa', installation: 'acme' } });
    expect(readCsr(csr).publicKeyFingerprint).toBe(publicKeyFingerprint(keyPair.publicKey));
    expect(decodePem('CERTIFICATE REQUEST', csr)![0]!.length).toBeGreaterThan(der.length);
  });

  it('is refused with a common name that could be a host', () => {
    expect(codeOf(() => createCsr({ subject: { commonName: 'a.example.org' }, keyPair }))).toBe(
      'certificate.bad-common-name',
    );
  });
});

describe('a certificate request from somebody else', () => {
  it('is too large before anything of it is read', () => {
    expect(codeOf(() => readCsr('x'.repeat(8193)))).toBe('csr.too-large');
    expect(codeOf(() => readCsr('é'.repeat(4097)))).toBe('csr.too-large');
    expect(codeOf(() => readCsr('x'.repeat(8192)))).toBe('csr.malformed');
    expect(codeOf(() => readCsr(pem, { maxBytes: 100 }))).toBe('csr.too-large');
  });

  it.each([
    ['nothing', ''],
    ['no text', undefined as unknown as string],
    ['another label', pem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
    ['two requests', pem + pem],
    ['no end', pem.replace('-----END CERTIFICATE REQUEST-----', '')],
    ['broken base64', pem.replace('\n', '\n*')],
    ['not ASN.1', asPem(Buffer.from('hello'))],
    ['bytes after the end', asPem(Buffer.concat([der, Buffer.of(0)]))],
    ['an empty SEQUENCE', asPem(Buffer.of(0x30, 0))],
    ['an indefinite length', asPem(Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(3), Buffer.of(0, 0)]))],
    ['nesting without end', asPem(nested(1500))],
    ['the shape of a certificate', asPem(encode(sequence(sequence(sequence()), sequence(), bits(Buffer.alloc(8)))))],
    ['another version', altered(({ subject, spki, rest }) => [integer(Buffer.of(1)), subject, spki, rest])],
    ['a field too many', altered(({ version, subject, spki, rest }) => [version, subject, spki, rest, nullValue()])],
    ['no attributes', altered(({ version, subject, spki }) => [version, subject, spki])],
  ])('is malformed with %s', (_, text) => {
    expect(codeOf(() => readCsr(text))).toBe('csr.malformed');
  });

  it('has a key that is not supported', () => {
    const pairs = [
      generateKeyPairSync('ec', { namedCurve: 'secp521r1' }),
      generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' }),
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
      generateKeyPairSync('ed25519'),
    ];
    for (const { publicKey } of pairs) {
      const der = publicKey.export({ type: 'spki', format: 'der' }); // as it came, where ours would be canonical
      expect(codeOf(() => readCsr(altered(withKey(der))))).toBe('csr.unsupported-key');
    }
    expect(codeOf(() => readCsr(altered(withKey(encode(nullValue())))))).toBe('csr.unsupported-key');
  });

  it('is not signed by its key', () => {
    const other = exportSpki(generateKeyPair().publicKey);
    expect(codeOf(() => readCsr(altered(withKey(other))))).toBe('csr.bad-signature');
    expect(codeOf(() => readCsr(altered(withKey(exportSpki(generateKeyPair('rsa-2048').publicKey)))))).toBe(
      'csr.bad-signature',
    );
    const flipped = Buffer.from(der);
    flipped[flipped.length - 1]! ^= 1;
    expect(codeOf(() => readCsr(asPem(flipped)))).toBe('csr.bad-signature');
  });

  it('is not signed with an algorithm of today', () => {
    const [info] = members(decode(der));
    const signature = bits(sign('sha1', encode(info!), keyPair.privateKey));
    const ecdsaWithSha1 = sequence(oid('1.2.840.10045.4.1'));
    expect(codeOf(() => readCsr(asPem(encode(sequence(info!, ecdsaWithSha1, signature)))))).toBe('csr.bad-signature');
    // Parameters where RFC 5758 wants none.
    const withNull = sequence(oid(OID.ecdsaWithSha256), nullValue());
    const [, , good] = members(decode(der));
    expect(codeOf(() => readCsr(asPem(encode(sequence(info!, withNull, good!)))))).toBe('csr.bad-signature');
  });
});

type Field = ReturnType<typeof decode>;
type Fields = Record<'version' | 'subject' | 'spki' | 'rest', Field>;

/** The request with other fields under the signature of the first. */
function altered(change: (fields: Fields) => Field[]): string {
  const [info, algorithm, signature] = members(decode(der));
  const [version, subject, spki, rest] = members(info) as [Field, Field, Field, Field];
  return asPem(encode(sequence(sequence(...change({ version, subject, spki, rest })), algorithm!, signature!)));
}

function withKey(spki: Buffer): (fields: Fields) => Field[] {
  return ({ version, subject, rest }) => [version, subject, decode(spki), rest];
}

/** SEQUENCEs within SEQUENCEs, as deep as the size limit allows. */
function nested(depth: number): Buffer {
  let bytes = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) bytes = Buffer.concat([header(bytes.length), bytes]);
  return bytes;
}

function header(length: number): Buffer {
  if (length < 128) return Buffer.of(0x30, length);
  return length < 256 ? Buffer.of(0x30, 0x81, length) : Buffer.of(0x30, 0x82, length >> 8, length & 255);
}
