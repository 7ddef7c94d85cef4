import { describe, expect, it } from 'vitest';
import { hasWindow, withoutWindow } from './index.js';
import type { Item } from './index.js';

const admission: Item = {
  kind: 'admission',
  id: 'claim-n1',
  access: 'claim',
  serverName: 'n1.claim.caravan.internal',
  trust: ['-----BEGIN CERTIFICATE-----'],
  identity: 'spiffe://acme/network/n1/claim/*',
  denied: [],
  reach: { kind: 'control' },
};
const timed: Item = { ...admission, window: { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' } };
const at = (time: string): number => Date.parse(time);

describe('an item for a site that knows of no windows', () => {
  it('is what it is when it has none', () => {
    const listener: Item = { kind: 'listener', id: 'l', networkId: 'n', address: 'a', host: '127.0.0.1', port: 80 };
    for (const item of [admission, listener]) expect(withoutWindow(item, 0)).toBe(item);
    expect([admission, listener, timed].map(hasWindow)).toEqual([false, false, true]);
  });

  it('is an admission without one while that is open', () => {
    expect(withoutWindow(timed, at('2026-01-15T00:00:00Z'))).toEqual(admission);
  });

  it.each(['2025-12-31T23:59:59Z', '2026-02-01T00:00:00Z'])('is none at %s', (now) => {
    expect(withoutWindow(timed, at(now))).toBeUndefined();
  });
});
