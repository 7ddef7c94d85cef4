import { describe, expect, it } from 'vitest';
import type { LinkItem } from '@caravan/data-plane';
import { linkChange } from './link-change.js';

const item: LinkItem = {
  kind: 'link',
  id: 'l1',
  access: 'member',
  host: 'relay.test',
  port: 1,
  serverName: 'n1.member.test',
  trust: ['-----BEGIN CERTIFICATE-----'],
  certificateId: 'site',
  cost: 1,
  reach: { kind: 'network', networkId: 'n1' },
};
const before = { item, mark: 'm1' };

describe('a live link', () => {
  it.each([
    ['stays', 'nothing', { item: { ...item }, mark: 'm1' }],
    ['stays when only trust changed, which is judged apart', 'nothing', { item: { ...item, trust: [] }, mark: 'm1' }],
    [
      'stays while a named certificate is missing',
      'nothing',
      { item: { ...item, certificateId: 'c2' }, mark: undefined },
    ],
    ['is dialled again for a renewed certificate', 'redial', { item, mark: 'm2' }],
    ['is dialled again at another place', 'redial', { item: { ...item, port: 2 }, mark: 'm1' }],
    ['is dialled again for another cost', 'redial', { item: { ...item, cost: 2 }, mark: 'm1' }],
    ['breaks with its reach', 'break', { item: { ...item, reach: { kind: 'network', networkId: 'n2' } }, mark: 'm1' }],
    ['breaks with its door', 'break', { item: { ...item, serverName: 'n2.member.test' }, mark: 'm1' }],
  ] as const)('%s', (_, expected, after) => {
    expect(linkChange(before, { ...after, item: { ...after.item, trust: [...after.item.trust] } })).toBe(expected);
  });
});
