import { describe, expect, it } from 'vitest';
import type { AdmissionItem } from '@caravan/data-plane';
import { issue, makeRoot } from '@caravan/testing/data-plane';
import { anchorsOf, pinnedAs } from './pins.js';

const company = makeRoot();
const certificate = (): string => issue(company, 'apiServer', { hosts: ['x'] }).chain;
const [mine, other] = [certificate(), certificate()];
const identity = 'spiffe://test/network/a/member/m';
const door = (...pinned: { identity: string; certificate: string }[]): AdmissionItem => ({
  kind: 'admission',
  id: 'd',
  access: 'member',
  serverName: 's',
  trust: [company.certificatePem],
  identity: 'spiffe://test/network/a/member/*',
  denied: [],
  reach: { kind: 'control' },
  ...(pinned.length > 0 && { pinned }),
});
const peer = (...presented: string[]) => ({ presented });

describe('what is pinned at a door', () => {
  it('is who the management plane says, however it is written', () => {
    const pinned = door({ identity, certificate: mine.replaceAll('\n', '\r\n') });
    expect(pinnedAs(peer(mine, company.certificatePem), pinned)).toBe(identity);
    expect(pinnedAs(peer(other), pinned)).toBeUndefined();
    expect(pinnedAs(peer(other, mine), pinned)).toBeUndefined();
    expect(pinnedAs(peer(), pinned)).toBeUndefined();
  });

  it('is nobody at a door that knows of none', () => expect(pinnedAs(peer(mine), door())).toBeUndefined());

  it('is an anchor beside the authorities, unless it cannot be read', () => {
    const damaged = { identity, certificate: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' };
    const at = door(damaged, { identity, certificate: mine });
    expect(anchorsOf(at)).toEqual([company.certificatePem, mine]);
  });
});
