import { describe, expect, it } from 'vitest';
import type { CertificateItem } from '@caravan/data-plane';
import type { Identity } from '@caravan/pki';
import { Secret } from '@caravan/pki';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import type { CertificateRecord } from './certificate-record.js';
import { toObtain } from './due.js';

const authorities = testAuthorities();
const member: Identity = { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId: 'm' };
const { chain, key } = authorities.make('member', member);
const held = (ordinal: number) => ({ ordinal, chain, key: new Secret(key) });
const item = (id: string, ordinal: number): CertificateItem => ({
  ...{ kind: 'certificate', id, ordinal, hosts: [] },
  purpose: id === 'site' ? 'site' : 'access-point',
});
const DAY = 86_400_000;
const after = (days: number) => new Date(Date.now() + days * DAY);
const records =
  (...all: CertificateRecord[]) =>
  (id: string) =>
    all.find((record) => record.id === id);
const site = { id: 'site', held: held(1) };

describe('what a site asks for', () => {
  it('is what its items want and it does not hold', () => {
    const asked = toObtain([item('ap-1', 1), item('site', 2)], records(site), { now: after(0) });
    expect(asked.due).toMatchObject([
      { id: 'ap-1', ordinal: 1 },
      { id: 'site', ordinal: 2 },
    ]);
  });

  it('is the next of what has grown old, and until then nothing', () => {
    const own = { id: 'ap-1', held: held(3) };
    const look = (days: number) => toObtain([item('ap-1', 3)], records(own, site), { now: after(days) });
    expect(look(50)).toEqual({ due: [], nextAt: expect.any(Date) });
    expect(look(50).nextAt!.getTime()).toBeGreaterThan(after(53).getTime());
    expect(look(50).nextAt!.getTime()).toBeLessThan(after(64).getTime());
    const both = [
      { id: 'ap-1', ordinal: 4 },
      { id: 'site', ordinal: 2 },
    ];
    expect(look(64)).toEqual({ due: both, nextAt: undefined });
  });

  it('is its own, which no item names before the second', () => {
    const look = (items: CertificateItem[]) => toObtain(items, records(site), { now: after(64) }).due;
    expect(look([])).toEqual([{ id: 'site', ordinal: 2 }]);
    expect(look([item('site', 1)])).toEqual([{ id: 'site', ordinal: 2 }]);
    expect(look([item('site', 2)])).toMatchObject([{ id: 'site', ordinal: 2 }]);
  });

  it('is nothing that could not last longer', () => {
    const late = testAuthorities(after(-5 * 365 + 30));
    const capped = late.make('member', member, undefined, { now: new Date() });
    const record = { id: 'site', held: { ordinal: 1, chain: capped.chain, key: new Secret(capped.key) } };
    expect(toObtain([], records(record), { now: after(29) })).toEqual({
      due: [],
      nextAt: undefined,
    });
  });
});
