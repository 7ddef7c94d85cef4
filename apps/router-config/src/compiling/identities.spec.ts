import { describe, expect, it } from 'vitest';
import { parseIdentity } from '@caravan/pki';
import type { Door } from '@caravan/data-plane';
import { doorIdentity } from './identities.js';

describe('the identities that come in by a door', () => {
  const table: [Door, string][] = [
    ['claim', 'spiffe://acme/network/o/claim/*'],
    ['member', 'spiffe://acme/network/o/member/*'],
    ['peer', 'spiffe://acme/backbone/o/site/*'],
    ['bootstrap', 'spiffe://acme/backbone/o/bootstrap/*'],
    ['manage', 'spiffe://acme/backbone/o/manage/*'],
  ];

  it.each(table)('%s: %s', (door, pattern) => {
    const identity = doorIdentity('acme', door, 'o');
    expect(identity.pattern).toBe(pattern);
    expect(identity.of('x1')).toBe(pattern.replace('*', 'x1'));
    expect(parseIdentity(identity.of('x1'))).toBeDefined();
  });
});
