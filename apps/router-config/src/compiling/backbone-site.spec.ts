import { describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { AccessPointRemoved, LinkRemoved } from '@caravan/events';
import { accessPoint, addressed, backbone, link, site } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';

const demo = id('demo');

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
      identities: [`spiffe://acme/backbone/${demo}/access-point/${id('north peer')}`],
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
