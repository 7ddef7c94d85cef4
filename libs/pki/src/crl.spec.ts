import { describe, expect, it } from 'vitest';
import { codeOf } from './code-of.fixture.js';
import type { CrlRequest, RevokedCertificate } from './crl.js';
import { signCrl } from './crl.js';
import { decode, encode, members, wholeBits } from './der.js';
import { isSignedBy } from './signature.js';
import { DAY, NOW, tree } from './tree.fixture.js';

const { authorities, leaf } = tree();
const { memberCa } = authorities;
const issuer = { certificatePem: memberCa.certificatePem, privateKey: memberCa.keyPair.privateKey };
const one: RevokedCertificate = { serial: 'aa01', revokedAt: NOW, reason: 'key-compromise' };
const other: RevokedCertificate = { serial: '05', revokedAt: NOW, reason: 'unspecified' };
const request: CrlRequest = {
  issuer,
  number: 7n,
  thisUpdate: NOW,
  nextUpdate: new Date(NOW.getTime() + DAY),
  revoked: [one, other],
};

/** The to-be-signed fields of a list, in hex. */
const fieldsOf = (changes: Partial<CrlRequest>): string[] => {
  const [tbs] = members(decode(signCrl({ ...request, ...changes }).der));
  return members(tbs).map((field) => encode(field).toString('hex'));
};

describe('a list of revoked certificates', () => {
  it('is signed by its authority', () => {
    const [tbs, algorithm, signature] = members(decode(signCrl(request).der));
    const by = (holder: typeof memberCa): boolean =>
      isSignedBy(holder.keyPair.publicKey, tbs!, algorithm!, wholeBits(signature));
    expect(by(memberCa)).toBe(true);
    expect(by(authorities.claimCa)).toBe(false);
  });

  it('names serials in their order, with reasons', () => {
    const time = '170d3330303630313132303030305a';
    const keyCompromise = '300c300a0603551d1504030a0101';
    expect(fieldsOf({})[5]).toBe(`3038${`3012020105${time}`}${`3022020300aa01${time}${keyCompromise}`}`);
    expect(fieldsOf({ revoked: [other, one] })).toEqual(fieldsOf({}));
  });

  it('has no entries at all when there are none', () => {
    expect(fieldsOf({ revoked: [] })).toHaveLength(6);
    expect(fieldsOf({})).toHaveLength(7);
  });

  it.each([
    [0n, '020100'],
    [127n, '02017f'],
    [128n, '02020080'],
    [2n ** 64n, '0209010000000000000000'],
  ])('has the number %d', (number, der) => {
    expect(fieldsOf({ number }).at(-1)).toContain(
      `0603551d1404${(der.length / 2).toString(16).padStart(2, '0')}${der}`,
    );
  });

  it('is the same in PEM', () => {
    const { der, pem } = signCrl(request);
    expect(pem).toMatch(/^-----BEGIN X509 CRL-----\n/);
    expect(Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64')).toEqual(der);
  });

  it.each<[string, Partial<CrlRequest>, string]>([
    ['a negative number', { number: -1n }, 'crl.bad-parameter'],
    ['a number beyond 20 bytes', { number: 2n ** 160n }, 'crl.bad-parameter'],
    ['no time until the next', { nextUpdate: NOW }, 'crl.bad-parameter'],
    ['a time that is none', { nextUpdate: new Date(Number.NaN) }, 'crl.bad-parameter'],
    ['the same serial twice', { revoked: [one, { ...one, reason: 'superseded' }] }, 'crl.bad-parameter'],
    ['a serial that is none', { revoked: [{ ...one, serial: 'xyz' }] }, 'crl.bad-parameter'],
    ['a leaf as issuer', { issuer: { ...issuer, certificatePem: leaf('member').certificatePem } }, 'issuer.not-a-ca'],
  ])('is refused with %s', (_, changes, code) => {
    expect(codeOf(() => signCrl({ ...request, ...changes }))).toBe(code);
  });
});
