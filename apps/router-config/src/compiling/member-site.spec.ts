import { describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { ConnectorClosed, ConnectorOpened, ListenerChanged, ListenerClosed, ListenerOpened } from '@caravan/events';
import type { ConnectorTls, ListenerTls } from '@caravan/events';
import { accessPoint, backbone, example, listener, member, memberRemoved } from '../example.fixture.js';
import { Folded } from '../folded.fixture.js';
import { id, pem } from '../names.fixture.js';
import { site } from '../example.fixture.js';

const retail = id('retail');

describe('a member site', () => {
  it('dials its member access points, the preferred the cheapest', () => {
    const folded = new Folded();
    expect(folded.item('hq', `link/member-${id('north member')}`)).toEqual({
      kind: 'link',
      id: `member-${id('north member')}`,
      access: 'member',
      host: 'north.example',
      port: 7002,
      serverName: serverNameOf('member', retail),
      trust: [pem('infrastructure demo 1')],
      certificateId: 'site',
      cost: 1,
      identities: [`spiffe://acme/backbone/${id('demo')}/access-point/${id('north member')}`],
      reach: { kind: 'network', networkId: retail },
    });
    expect(folded.item('hq', `link/member-${id('south member')}`)).toMatchObject({ host: 'south.example', cost: 2 });
  });

  it('has each link once, though an invitation names an access point twice', () => {
    const folded = new Folded([...example, member('twice', 'retail', ['north', 'north', 'south'])]);
    expect(folded.keys('twice')).toEqual([`link/member-${id('north member')}`, `link/member-${id('south member')}`]);
  });

  it('has its listeners and connectors in its own network', () => {
    const folded = new Folded([...example, listener('hq', 'retail', 'till')]);
    expect(folded.item('hq', `connector/${id('hq connects inventory')}`)).toEqual({
      kind: 'connector',
      id: id('hq connects inventory'),
      networkId: retail,
      address: 'inventory',
      host: '127.0.0.1',
      port: 9090,
    });
    const key = `listener/${id('hq listens till')}`;
    expect(folded.item('hq', key)).toMatchObject({ networkId: retail, address: 'till', port: 8080 });

    const ids = { memberId: id('hq'), listenerId: id('hq listens till') };
    folded.take(ListenerChanged({ ...ids, address: 'desk', host: '127.0.0.1', port: 8081 }));
    expect(folded.item('hq', key)).toMatchObject({ networkId: retail, address: 'desk', port: 8081 });
    folded.take(ListenerClosed(ids));
    folded.take(ConnectorClosed({ memberId: id('hq'), connectorId: id('hq connects inventory') }));
    expect(folded.keys('hq').filter((each) => !each.startsWith('link/'))).toEqual([]);
  });

  it('speaks TLS with applications by what it is supplied with, else by what it makes itself', () => {
    const [listenerId, connectorId] = [id('ends'), id('begins')];
    const at = { address: 'shop', host: '192.0.2.7', port: 443 };
    const of = { memberId: id('hq'), networkId: retail };
    const open = (ends: ListenerTls, begins: ConnectorTls) => {
      const opened = [
        ListenerOpened({ ...of, listenerId, ...at, tls: ends }),
        ConnectorOpened({ ...of, connectorId, ...at, tls: begins }),
      ];
      const folded = new Folded([...example, ...opened]);
      return [folded.item('hq', `listener/${listenerId}`), folded.item('hq', `connector/${connectorId}`)];
    };
    const none = { serverName: null, trust: null, certificate: null };
    expect(open({ certificate: null, clients: null }, none)).toEqual([
      { kind: 'listener', id: listenerId, networkId: retail, ...at, tls: { certificateId: 'service-server' } },
      {
        ...{ kind: 'connector', id: connectorId, networkId: retail, ...at },
        tls: { serverName: '192.0.2.7', trustId: 'service-client', certificateId: 'service-client' },
      },
    ]);
    const named = { serverName: 'web.internal', trust: 'company', certificate: 'gateway' };
    expect(open({ certificate: 'web', clients: 'partners' }, named)).toMatchObject([
      { tls: { certificateId: 'web', clientTrustId: 'partners' } },
      { tls: { serverName: 'web.internal', trustId: 'company', certificateId: 'gateway' } },
    ]);
  });

  it('has nothing of another site or network', () => {
    const folded = new Folded();
    expect(JSON.stringify(folded.states.site(id('agency')))).not.toContain(retail);
    expect(JSON.stringify(folded.states.site(id('agency')))).not.toContain('inventory');
  });

  it('is led to no access point of another kind or backbone', () => {
    const folded = new Folded([
      ...example,
      backbone('other'),
      site('far', 'other'),
      accessPoint('far', 'member', { on: 'other', host: 'far.example', port: 1 }),
    ]);
    const claim = { ...member('lost', 'retail', ['far']) };
    claim.data = { ...claim.data, memberAccessPoints: [id('north claim'), id('far member'), id('unheard of')] };
    folded.take(claim);
    expect(folded.keys('lost')).toEqual([]);
  });

  it('that was removed has nothing, and nothing can be opened there any more', () => {
    const folded = new Folded();
    folded.take(memberRemoved('hq', 'retail'), listener('hq', 'retail', 'late'));
    expect(folded.keys('hq')).toEqual([]);
  });
});
