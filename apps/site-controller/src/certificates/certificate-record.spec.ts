import { describe, expect, it } from 'vitest';
import { createCsr, exportPrivateKey, generateKeyPair } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { installed, nextFor } from './certificate-record.js';
import type { KeyRequest } from './certificate-record.js';
import { certificateFromText, certificateToText } from './certificate-text.js';

const authorities = testAuthorities();
const member: Identity = { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId: 'm' };
const now = new Date();

const keyRequest = (ordinal: number): KeyRequest => {
  const keyPair = generateKeyPair();
  const csr = createCsr({ subject: { commonName: 'x' }, keyPair });
  return { ordinal, key: exportPrivateKey(keyPair.privateKey), csr };
};
const requested = keyRequest(1);
const chain = authorities.sign('member', requested.csr, member);
const held = { ordinal: 1, chain, key: requested.key };

describe('a certificate that a site shall hold', () => {
  it.each([
    ['nothing is known of it', undefined, 'make-key'],
    ['a key for it was made', { id: 'site', requested }, 'ask'],
    ['it is held', { id: 'site', held }, 'nothing'],
    ['a later one is held', { id: 'site', held: { ...held, ordinal: 2 } }, 'nothing'],
    ['only a key of another ordinal was made', { id: 'site', requested: keyRequest(3) }, 'make-key'],
  ])('while %s', (_, record, next) => {
    expect(nextFor({ ordinal: 1 }, record)).toBe(next);
  });

  it('is asked for anew, with a new key, when its ordinal grows', () => {
    expect(nextFor({ ordinal: 2 }, { id: 'site', held })).toBe('make-key');
    expect(nextFor({ ordinal: 2 }, { id: 'site', held, requested: keyRequest(2) })).toBe('ask');
  });
});

describe('the answer to a certificate request', () => {
  it('takes the place of the request', () => {
    expect(installed({ id: 'site', requested }, 1, chain, now)).toEqual({ id: 'site', held });
  });

  it('replaces the certificate of the ordinal before', () => {
    const next = keyRequest(2);
    const answer = authorities.sign('member', next.csr, member);
    expect(installed({ id: 'site', held, requested: next }, 2, answer, now).held?.ordinal).toBe(2);
  });

  it.each([
    ['for another key', 1, () => authorities.make('member', member).chain, /another key/],
    ['for another ordinal', 2, () => chain, /nothing of ordinal 2/],
    [
      'with a chain that does not hold',
      1,
      () => [chain[0]!, ...testAuthorities().sign('member', requested.csr, member).slice(1)],
      /does not hold/,
    ],
    [
      'that is no certificate',
      1,
      () => ['-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n'],
      /malformed/,
    ],
  ])('is not installed when it is one %s', (_, ordinal, answer, reason) => {
    expect(() => installed({ id: 'site', requested }, ordinal, answer(), now)).toThrow(reason);
  });

  it('is not installed before it is valid, and the clock is named', () => {
    const early = new Date(now.getTime() - 3_600_000);
    expect(() => installed({ id: 'site', requested }, 1, chain, early)).toThrow(early.toISOString());
  });
});

describe('a certificate on disk', () => {
  it.each([
    { id: 'site', held },
    { id: 'site', requested },
    { id: 'site', held, requested: keyRequest(2) },
  ])('is read as it was written', (record) => {
    const text = certificateToText(record);
    expect(JSON.parse(certificateToText(certificateFromText(text)))).toEqual(JSON.parse(text));
  });

  it('prints its keys nowhere else', () => {
    expect(JSON.stringify({ held, requested })).not.toContain('PRIVATE KEY');
    expect(certificateToText({ id: 'site', held })).toContain('PRIVATE KEY');
  });
});
