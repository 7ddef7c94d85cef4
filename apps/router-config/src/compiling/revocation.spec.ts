import { describe, expect, it } from '@jest/globals';
import type { Holder } from '@caravan/events';
import {
  accessPoint,
  connector,
  Folded,
  id,
  member,
  memberRemoved,
  revoked,
  revokedCertificate,
} from '../example.fixture.js';

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
