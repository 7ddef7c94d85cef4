import { describe, expect, it } from 'vitest';
import { NetworkEnded } from '@caravan/events';
import type { Holder } from '@caravan/events';
import { accessPoint, connector, member, memberRemoved } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { daysLater, id } from '../names.fixture.js';
import { revoked, revokedCertificate } from '../trust-events.fixture.js';
import type { LogEvent } from '../model/index.js';

const [demo, retail, travel] = [id('demo'), id('retail'), id('travel')];
const door = (kind: string, of = retail) => `admission/${kind}-${of}`;
const HOLDERS: readonly (readonly [Holder, string])[] = [
  [{ kind: 'member', memberId: id('hq'), networkId: retail }, door('member')],
  [{ kind: 'claim', invitationId: id('visitors'), networkId: retail }, door('claim')],
  [{ kind: 'backbone-site', siteId: id('south'), backboneId: demo }, door('peer', demo)],
  [{ kind: 'bootstrap', siteId: id('south'), backboneId: demo }, door('bootstrap', demo)],
  [{ kind: 'manage-link', siteId: id('management'), backboneId: demo }, door('manage', demo)],
];

describe('a revoked certificate', () => {
  it.each(HOLDERS)('of %j is refused where its holder comes in, and nowhere else', (holder, at) => {
    const folded = new Folded();
    expect(folded.item('north', at)).not.toHaveProperty('revoked');
    folded.take(revokedCertificate('a', holder));
    expect(folded.item('north', at)).toMatchObject({ revoked: ['a'.repeat(32)] });
    const others = folded.items('north').filter((item) => 'revoked' in item);
    expect(others).toHaveLength(1);
    folded.take(revokedCertificate('b', holder), revokedCertificate('a', holder));
    expect(folded.item('north', at)).toMatchObject({ revoked: ['a'.repeat(32), 'b'.repeat(32)] });
  });

  it('of an access point is refused by whoever dials it', () => {
    const folded = new Folded();
    const accessPointId = id('north member');
    const holder = { kind: 'access-point', accessPointId, siteId: id('north'), backboneId: demo } as const;
    folded.take(revokedCertificate('a', holder));
    expect(folded.item('hq', `link/member-${accessPointId}`)).toMatchObject({ revoked: ['a'.repeat(32)] });
    expect(folded.items('north').filter((item) => 'revoked' in item)).toEqual([]);
  });

  it('of a bundle is refused also by the management plane, which dials a new site by it', () => {
    const folded = new Folded();
    folded.take(revokedCertificate('a', { kind: 'bootstrap', siteId: id('north'), backboneId: demo }));
    expect(folded.item('management', `link/manage-${id('north manage')}`)).toMatchObject({ revoked: ['a'.repeat(32)] });
    expect(folded.item('hq', `link/member-${id('north member')}`)).not.toHaveProperty('revoked');
  });

  it('is in the list for a day longer than it would have lasted, and leaves it when another comes', () => {
    const folded = new Folded();
    const holder = { kind: 'member', memberId: id('hq'), networkId: retail } as const;
    const listed = (digit: string, day: number) => {
      folded.at = daysLater(day);
      folded.take(revokedCertificate(digit, holder, daysLater(day + 10)));
      const { revoked = [] } = folded.item('north', door('member')) as { revoked?: string[] };
      return revoked.map(([first]) => first);
    };
    expect(listed('a', 0)).toEqual(['a']);
    expect(listed('b', 10)).toEqual(['a', 'b']);
    expect(listed('c', 11)).toEqual(['b', 'c']);
  });

  it('is one of as many as an item carries: of more, those stay that would last longest', () => {
    const folded = new Folded();
    const holder = { kind: 'member', memberId: id('hq'), networkId: retail } as const;
    const many = Array.from({ length: 4_097 }, (_, index) => ({
      ...revokedCertificate('a', holder, daysLater(index)),
      index,
    }));
    for (const { index, type, data } of many) {
      const target = { ...data.target, serial: index.toString(16).padStart(32, '0') };
      folded.take({ type, data: { ...data, target } } as LogEvent);
    }
    const { revoked } = folded.item('north', door('member')) as { revoked: string[] };
    expect(revoked).toHaveLength(4_096);
    expect(revoked[0]).toBe('1'.padStart(32, '0'));
  }, 30_000);

  it('of a service concerns no relay', () => {
    const folded = new Folded();
    const before = folded.position;
    folded.take(revokedCertificate('a', { kind: 'service', name: 'router-config' }));
    for (const site of ['north', 'south', 'hq', 'management']) {
      expect(folded.changesSince(site, before).items).toEqual([]);
    }
  });
});

describe('with a revocation goes', () => {
  it('a member, which is denied at once', () => {
    const folded = new Folded();
    folded.take(revoked({ kind: 'member', memberId: id('hq'), networkId: retail, backboneId: demo }));
    expect(folded.items('hq')).toEqual([]);
    expect(folded.item('north', door('member'))).toMatchObject({ denied: [expect.stringContaining(id('hq'))] });
    const before = folded.position;
    folded.take(memberRemoved('hq', 'retail'));
    expect(folded.changesSince('north', before).items).toEqual([]); // its own stream says nothing new
  });

  it('a network, with its doors and what its members have, and whoever is still admitted gets nothing', () => {
    const folded = new Folded();
    folded.take(connector('hq', 'retail', 'till'), revoked({ kind: 'network', networkId: retail, backboneId: demo }));
    for (const kind of ['claim', 'member']) expect(folded.item('north', door(kind))).toBeUndefined();
    expect(folded.item('north', door('member', travel))).toBeDefined();
    expect(folded.items('hq')).toEqual([]);
    folded.take(member('late', 'retail', ['north']));
    expect(folded.items('late')).toEqual([]);
  });

  it('a network that had ended: its relays are told once more, since they are to say that they are as of the revocation', () => {
    const folded = new Folded();
    const ended = { networkId: retail, backboneId: demo, name: 'retail', endsAt: '2026-03-01T00:00:00.000Z' };
    folded.take(NetworkEnded(ended));
    const before = folded.position;
    expect(folded.take(revoked({ kind: 'network', networkId: retail, backboneId: demo }))).toContain(id('north'));
    expect(folded.changesSince('north', before)).toMatchObject({
      revision: folded.position,
      removed: [door('claim'), door('member')],
    });
  });

  it('a backbone site, with its access points and the links to them', () => {
    const folded = new Folded();
    folded.take(accessPoint('south', 'peer', { host: 'south.example', port: 7003 }));
    const before = folded.items('south').filter(({ kind }) => kind === 'link').length;
    folded.take(revoked({ kind: 'backbone-site', siteId: id('north'), backboneId: demo }));
    expect(folded.items('north')).toEqual([]);
    const links = folded.items('south').filter(({ kind }) => kind === 'link');
    expect(links.length).toBeLessThan(before);
    expect(folded.item('south', door('peer', demo))).toMatchObject({ denied: [expect.stringContaining(id('north'))] });
  });
});
