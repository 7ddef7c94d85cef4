import { describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import {
  BackboneSiteRemoved,
  DELETE_AFTER_SECONDS,
  InvitationDeleted,
  InvitationRevoked,
  NetworkDeleted,
  NetworkRescheduled,
  NetworkResumed,
  NetworkSuspended,
  NetworkWithdrawn,
} from '@caravan/events';
import { example, invitation, member, memberRemoved, network } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { daysLater, id, pem, STARTS_AT } from '../names.fixture.js';
import { authority, issued } from '../trust-events.fixture.js';

const demo = id('demo');
const retail = id('retail');

describe('the doors of a backbone site', () => {
  it('admit claims of a network, which may reach caravan.control alone', () => {
    expect(new Folded().item('north', `admission/claim-${retail}`)).toEqual({
      kind: 'admission',
      id: `claim-${retail}`,
      access: 'claim',
      serverName: serverNameOf('claim', retail),
      trust: [pem('claim retail 1')],
      identity: `spiffe://acme/network/${retail}/claim/*`,
      denied: [],
      reach: { kind: 'control' },
      window: { from: STARTS_AT },
    });
  });

  it('admit claims and members of a network within its window, whether that has begun or is over', () => {
    const folded = new Folded();
    const [startsAt, endsAt] = ['2031-01-01T00:00:00.000Z', '2031-02-01T00:00:00.000Z'];
    folded.take(network('fair', 'demo', { startsAt, endsAt }));
    // No clock here: the doors are there as soon as somebody could be trusted.
    for (const kind of ['claim', 'member'] as const) {
      expect(folded.item('north', `admission/${kind}-${id('fair')}`)).toBeUndefined();
      folded.take(authority(kind, 'fair'));
      expect(folded.item('north', `admission/${kind}-${id('fair')}`)).toMatchObject({
        window: { from: startsAt, until: endsAt },
      });
    }
  });

  it('have another window when their network has, and one that is never open while it is suspended', () => {
    const folded = new Folded();
    const windows = () =>
      ['claim', 'member'].map(
        (kind) => (folded.item('north', `admission/${kind}-${retail}`) as { window?: object }).window,
      );
    const both = (window: object) => [window, window];
    const of = { networkId: retail, backboneId: demo };
    const endsAt = '2031-02-01T00:00:00.000Z';
    const deleteAfterSeconds = DELETE_AFTER_SECONDS;
    folded.take(NetworkRescheduled({ ...of, startsAt: STARTS_AT, endsAt, deleteAfterSeconds }));
    expect(windows()).toEqual(both({ from: STARTS_AT, until: endsAt }));
    folded.take(NetworkSuspended(of));
    expect(windows()).toEqual(both({ from: STARTS_AT, until: STARTS_AT }));
    folded.take(NetworkRescheduled({ ...of, startsAt: STARTS_AT, endsAt: null, deleteAfterSeconds }));
    expect(windows()).toEqual(both({ from: STARTS_AT, until: STARTS_AT }));
    folded.take(NetworkResumed(of));
    expect(windows()).toEqual(both({ from: STARTS_AT }));
    folded.take(NetworkWithdrawn(of), NetworkResumed(of));
    expect(folded.item('north', `admission/member-${retail}`)).toBeUndefined();
  });

  it('admit peers, bundles and the management plane at all times', () => {
    const folded = new Folded();
    for (const door of ['peer', 'bootstrap', 'manage']) {
      const item = folded.item('north', `admission/${door}-${demo}`);
      expect(item).toBeDefined();
      expect(item).not.toHaveProperty('window');
    }
  });

  it('admit members of a network, which may reach that network', () => {
    expect(new Folded().item('north', `admission/member-${retail}`)).toMatchObject({
      access: 'member',
      serverName: serverNameOf('member', retail),
      trust: [pem('member retail 1')],
      identity: `spiffe://acme/network/${retail}/member/*`,
      reach: { kind: 'network', networkId: retail },
    });
  });

  it('admit peers to every scope and bundles to caravan.control, both at the peer access point', () => {
    const folded = new Folded();
    expect(folded.item('north', `admission/peer-${demo}`)).toMatchObject({
      access: 'peer',
      serverName: serverNameOf('peer', demo),
      trust: [pem('infrastructure demo 1')],
      identity: `spiffe://acme/backbone/${demo}/site/*`,
      denied: [],
      reach: { kind: 'backbone' },
    });
    expect(folded.item('north', `admission/bootstrap-${demo}`)).toMatchObject({
      access: 'peer',
      serverName: serverNameOf('bootstrap', demo),
      trust: [pem('infrastructure demo 1')],
      identity: `spiffe://acme/backbone/${demo}/bootstrap/*`,
      reach: { kind: 'control' },
    });
  });

  it('admit the management plane, which offers caravan.control and may open nothing', () => {
    expect(new Folded().item('north', `admission/manage-${demo}`)).toMatchObject({
      access: 'manage',
      serverName: serverNameOf('manage', demo),
      trust: [pem('infrastructure demo 1')],
      identity: `spiffe://acme/backbone/${demo}/manage/*`,
      reach: { kind: 'management' },
    });
  });

  it('stand only where the site has an access point of their kind', () => {
    expect(new Folded().keys('south').filter((key) => key.startsWith('admission/'))).toEqual([
      `admission/member-${retail}`,
      `admission/member-${id('travel')}`,
    ]);
  });

  it('open with the authority of their kind and not before', () => {
    const folded = new Folded();
    folded.take(network('late'));
    expect(folded.keys('north')).not.toContain(`admission/claim-${id('late')}`);
    folded.take(authority('claim', 'late'));
    expect(folded.keys('north')).toContain(`admission/claim-${id('late')}`);
    expect(folded.keys('north')).not.toContain(`admission/member-${id('late')}`);
    folded.take(authority('member', 'late'));
    expect(folded.keys('north')).toContain(`admission/member-${id('late')}`);
  });

  it.each([
    ['withdrawn from its backbone', NetworkWithdrawn({ backboneId: demo, networkId: retail })],
    ['deleted', NetworkDeleted({ backboneId: demo, networkId: retail })],
  ])('close for a network that is %s, and its members have nothing left', (_, end) => {
    const folded = new Folded();
    folded.take(end);
    expect(folded.keys('north').filter((key) => key.includes(retail))).toEqual([]);
    expect(folded.keys('south').filter((key) => key.includes(retail))).toEqual([]);
    expect(folded.keys('hq')).toEqual([]);
    expect(folded.keys('agency')).not.toEqual([]);
  });

  it('let revoked and deleted invitations in as far as the claim endpoint, which says why not', () => {
    const folded = new Folded([...example, invitation('kiosk', 'retail', ['north'])]);
    folded.take(InvitationRevoked({ invitationId: id('store') }));
    folded.take(InvitationDeleted({ invitationId: id('kiosk'), networkId: retail }));
    const reach = { kind: 'control' };
    expect(folded.item('north', `admission/claim-${retail}`)).toMatchObject({ denied: [], reach });
  });

  it('deny members that were removed, at every site', () => {
    const folded = new Folded();
    folded.take(memberRemoved('hq', 'retail'));
    const denied = [`spiffe://acme/network/${retail}/member/${id('hq')}`];
    expect(folded.item('north', `admission/member-${retail}`)).toMatchObject({ denied });
    expect(folded.item('south', `admission/member-${retail}`)).toMatchObject({ denied });
  });

  it('deny them until a day after their last certificate is over, and for good where none is known', () => {
    const folded = new Folded();
    const deniedOn = (day: number, name: string) => {
      folded.at = daysLater(day);
      folded.take(member(name, 'retail', ['north']), memberRemoved(name, 'retail'));
      const { denied } = folded.item('north', `admission/member-${retail}`) as { denied: string[] };
      return denied.map((identity) => identity.split('/').at(-1));
    };
    const holder = { kind: 'member', memberId: id('hq'), networkId: retail } as const;
    folded.take(issued(holder, daysLater(10)), issued(holder, daysLater(5)), memberRemoved('hq', 'retail'));
    const [hq, second, third] = [id('hq'), id('second'), id('third')];
    expect(deniedOn(10, 'second')).toEqual([hq, second]);
    expect(deniedOn(11, 'third')).toEqual([second, third]);
  });

  it('deny backbone sites that were removed, and what is left of their bundles', () => {
    const folded = new Folded();
    folded.take(BackboneSiteRemoved({ backboneId: demo, siteId: id('south') }));
    expect(folded.item('north', `admission/peer-${demo}`)).toMatchObject({
      denied: [`spiffe://acme/backbone/${demo}/site/${id('south')}`],
    });
    expect(folded.item('north', `admission/bootstrap-${demo}`)).toMatchObject({
      denied: [`spiffe://acme/backbone/${demo}/bootstrap/${id('south')}`],
    });
  });
});
