import { describe, expect, it } from 'vitest';
import { asKnownBy, itemSchema } from './index.js';

const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n`;
const link = {
  ...{
    kind: 'link',
    id: 'l',
    access: 'peer',
    host: 'h',
    port: 1,
    serverName: 'b.peer',
    certificateId: 'site',
    cost: 1,
  },
  trust: [pem('new')],
  reach: { kind: 'backbone' },
} as const;
const rotated = { ...link, retired: [pem('old')] };
const listener = {
  kind: 'listener',
  id: 'a',
  networkId: 'n',
  address: 'inventory',
  host: '127.0.0.1',
  port: 8080,
} as const;

describe('an item for a site that knows less', () => {
  const revoked = { ...rotated, revoked: ['a'.repeat(32)] };

  it('is the same where it says nothing new', () => {
    for (const item of [link, listener].map((each) => itemSchema.parse(each))) expect(asKnownBy(1, item)).toBe(item);
  });

  it('says what is retired from capability 3 on, and what is revoked from 4 on', () => {
    const item = itemSchema.parse(revoked);
    expect(asKnownBy(2, item)).toEqual(link);
    expect(asKnownBy(3, item)).toEqual(rotated);
    expect(asKnownBy(4, item)).toBe(item);
  });

  it('is none where it would not know what that is', () => {
    const item = itemSchema.parse({ kind: 'control', id: 'control', trust: [pem('management')] });
    expect(asKnownBy(4, item)).toBeUndefined();
    expect(asKnownBy(5, item)).toBe(item);
  });

  it('says whom a link leads to from capability 5 on', () => {
    const item = itemSchema.parse({ ...revoked, identities: ['spiffe://acme/backbone/b/access-point/a'] });
    expect(asKnownBy(4, item)).toEqual(revoked);
    expect(asKnownBy(5, item)).toBe(item);
  });

  it('has what an operator supplies among what it trusts before capability 8, for the host alone', () => {
    const item = itemSchema.parse({ ...rotated, identities: ['spiffe://acme/x'], supplied: [pem('company')] });
    const both = [pem('new'), pem('company')];
    expect(asKnownBy(7, item)).toEqual({ ...rotated, trust: both });
    expect(asKnownBy(2, item)).toEqual({ ...link, trust: both });
    expect(asKnownBy(8, item)).toBe(item);
    const former = itemSchema.parse({ ...rotated, suppliedBefore: [pem('company')] });
    expect(asKnownBy(7, former)).toEqual({ ...rotated, retired: [pem('old'), pem('company')] });
    expect(asKnownBy(8, former)).toBe(former);
  });

  it('says what is pinned, and that it is, from capability 9 on', () => {
    const pinned = [{ identity: 'spiffe://test/network/n/member/m', certificate: pem('theirs') }];
    const door = {
      ...{ kind: 'admission', id: 'd', access: 'member', serverName: 'n.member', trust: [pem('new')], denied: [] },
      ...{ identity: 'spiffe://test/network/n/member/*', reach: { kind: 'backbone' } },
    } as const;
    const known = { ...link, suppliedFingerprint: 'a'.repeat(64) };
    for (const [bare, whole] of [
      [door, { ...door, pinned }],
      [link, known],
    ] as const) {
      const item = itemSchema.parse(whole);
      expect(asKnownBy(8, item)).toEqual(bare);
      expect(asKnownBy(9, item)).toBe(item);
    }
  });
});
