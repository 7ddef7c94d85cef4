import { describe, expect, it } from '@jest/globals';
import { serverNameOf } from '@caravan/data-plane';
import { AccessPointRemoved, InvitationDeleted, InvitationRevoked } from '@caravan/events';
import { BackboneSiteRemoved, LinkRemoved, NetworkDeleted, NetworkWithdrawn } from '@caravan/events';
import {
  accessPoint,
  addressed,
  authority,
  backbone,
  example,
  Folded,
  id,
  invitation,
  link,
} from '../example.fixture.js';
import { memberRemoved, network, pem, site, STARTS_AT } from '../example.fixture.js';

const demo = id('demo');
const retail = id('retail');

describe('an access point', () => {
  it('becomes a socket with a certificate of its own', () => {
    const folded = new Folded();
    expect(folded.item('north', `access-point/${id('north claim')}`)).toEqual({
      kind: 'access-point',
      id: id('north claim'),
      access: 'claim',
      bindHost: '0.0.0.0',
      bindPort: 0,
      certificateId: `ap-${id('north claim')}`,
    });
    expect(folded.item('north', `certificate/ap-${id('north claim')}`)).toEqual({
      kind: 'certificate',
      id: `ap-${id('north claim')}`,
      purpose: 'access-point',
      ordinal: 1,
      hosts: ['north.example'],
    });
  });

  it.each(['0.0.0.0', '::', '[::]'])(
    'bound to every address (%s) has no certificate until its host is known',
    (bindHost) => {
      const folded = new Folded([backbone('demo'), site('east'), accessPoint('east', 'claim', { bindHost })]);
      expect(folded.keys('east')).toEqual([`access-point/${id('east claim')}`]);
      folded.take(addressed('east', 'claim', 'east.example', 7001));
      expect(folded.item('east', `certificate/ap-${id('east claim')}`)).toMatchObject({
        ordinal: 1,
        hosts: ['east.example'],
      });
    },
  );

  it('bound to one address is certified for that while no other host is known', () => {
    const folded = new Folded([backbone('demo'), site('east'), accessPoint('east', 'claim', { bindHost: '[::1]' })]);
    expect(folded.item('east', `certificate/ap-${id('east claim')}`)).toMatchObject({ ordinal: 1, hosts: ['::1'] });
  });

  it('asks for another certificate each time that its host becomes another, and only then', () => {
    const folded = new Folded();
    const key = `certificate/ap-${id('north claim')}`;
    folded.take(addressed('north', 'claim', 'north.example', 7999));
    expect(folded.item('north', key)).toMatchObject({ ordinal: 1 });
    folded.take(addressed('north', 'claim', 'north.other', 7999));
    expect(folded.item('north', key)).toMatchObject({ ordinal: 2, hosts: ['north.other'] });
    folded.take(addressed('north', 'claim', 'north.example', 7999));
    expect(folded.item('north', key)).toMatchObject({ ordinal: 3, hosts: ['north.example'] });
  });

  it('that is removed leaves neither socket, certificate nor doors, and the links to it vanish', () => {
    const folded = new Folded();
    folded.take(AccessPointRemoved({ backboneId: demo, siteId: id('north'), accessPointId: id('north peer') }));
    expect(folded.keys('north').filter((key) => /peer|bootstrap/.test(key) || key.includes(id('north peer')))).toEqual(
      [],
    );
    expect(folded.keys('south').filter((key) => key.startsWith('link/'))).toEqual([]);
    folded.take(AccessPointRemoved({ backboneId: demo, siteId: id('north'), accessPointId: id('north member') }));
    expect(folded.keys('hq')).not.toContain(`link/member-${id('north member')}`);
    expect(folded.keys('hq')).toContain(`link/member-${id('south member')}`);
    folded.take(AccessPointRemoved({ backboneId: demo, siteId: id('north'), accessPointId: id('north manage') }));
    expect(folded.keys('management')).toEqual(['connector/control']);
    folded.take(AccessPointRemoved({ backboneId: demo, siteId: id('north'), accessPointId: id('north claim') }));
    expect(folded.states.invitation(id('store'))).toEqual([]);
    expect(folded.keys('north')).toEqual([]);
  });
});

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

describe('a link between backbone sites', () => {
  const key = `link/${id('south-north')}`;

  it('is dialled by the site that it says, which proves itself as that site', () => {
    expect(new Folded().item('south', key)).toEqual({
      kind: 'link',
      id: id('south-north'),
      access: 'peer',
      host: 'north.example',
      port: 7003,
      serverName: serverNameOf('peer', demo),
      trust: [pem('infrastructure demo 1')],
      certificateId: 'site',
      cost: 3,
      reach: { kind: 'backbone' },
    });
    expect(new Folded().keys('north')).not.toContain(key);
  });

  it('waits until its access point has an address, and follows it', () => {
    const folded = new Folded();
    folded.take(site('east'), accessPoint('east', 'peer'), link('south', 'east'));
    expect(folded.keys('south')).not.toContain(`link/${id('south-east')}`);
    folded.take(addressed('east', 'peer', '192.0.2.1', 7003));
    expect(folded.item('south', `link/${id('south-east')}`)).toMatchObject({ host: '192.0.2.1', port: 7003 });
    folded.take(addressed('east', 'peer', '[2001:db8::1]', 7004));
    expect(folded.item('south', `link/${id('south-east')}`)).toMatchObject({ host: '2001:db8::1', port: 7004 });
  });

  it('is gone when it is removed', () => {
    const folded = new Folded();
    folded.take(LinkRemoved({ backboneId: demo, linkId: id('south-north') }));
    expect(folded.keys('south')).not.toContain(key);
  });
});
