import { describe, expect, it } from 'vitest';
import { createAccount, fromPublic } from '@nats-io/nkeys';
import { decodeJwt, encodeJwt, signingKey } from './nats-jwt.js';

const account = createAccount();
const seed = new TextDecoder().decode(account.getSeed());
const now = new Date('2026-01-01T00:00:00.000Z');

describe('JWTs of NATS', () => {
  it('have the public key that the stock library derives from the same seed', () => {
    expect(signingKey(seed).publicKey).toBe(account.getPublicKey());
  });

  it('are signed as the stock library verifies', () => {
    const jwt = encodeJwt({ sub: 'U', nats: { type: 'user' } }, signingKey(seed), now);
    const [header, payload, signature] = jwt.split('.') as [string, string, string];
    const signed = new TextEncoder().encode(`${header}.${payload}`);
    expect(fromPublic(account.getPublicKey()).verify(signed, Buffer.from(signature, 'base64url'))).toBe(true);
    expect(decodeJwt(jwt)).toMatchObject({ iss: account.getPublicKey(), iat: 1767225600, sub: 'U' });
  });

  it('are refused when a byte of them was changed, or another signed them', () => {
    const jwt = encodeJwt({ sub: 'U' }, signingKey(seed), now);
    const [header, payload, signature] = jwt.split('.') as [string, string, string];
    const forged = Buffer.from(payload, 'base64url').toString().replace('"U"', '"V"');
    expect(() => decodeJwt(`${header}.${Buffer.from(forged).toString('base64url')}.${signature}`)).toThrow(RangeError);
    const other = createAccount().getPublicKey();
    const claimed = Buffer.from(payload, 'base64url').toString().replace(account.getPublicKey(), other);
    expect(() => decodeJwt(`${header}.${Buffer.from(claimed).toString('base64url')}.${signature}`)).toThrow(RangeError);
    for (const garbage of ['', 'a.b', '..', 'a.b.c.d']) expect(() => decodeJwt(garbage)).toThrow();
  });

  it('need a seed', () => {
    expect(() => signingKey('not a seed')).toThrow(RangeError);
  });
});
