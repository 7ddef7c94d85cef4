import { describe, expect, it } from 'vitest';
import {
  getLocalState,
  leaveNetwork,
  listSiteCertificates,
  listSiteConnections,
  listSiteItems,
  listSiteLinks,
  openSiteListener,
} from '@caravan/api';
import { Secret } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { refusal } from '../management-plane.fixture.js';
import { NETWORK_ID, SITE_ID } from '../site.fixture.js';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { codeOf, LISTENER_ID, newListener, useLocalApis } from './local-api.fixture.js';

describe('the local API of a site', () => {
  const apis = useLocalApis();

  it('tells how far the site has come, and what is in its way', async () => {
    apis.plane.join = () => refusal('network.not-started', 'later');
    const { call, site } = await apis.opened();
    await eventually('network.not-started', () =>
      site.controller.troubles.list().some(({ code }) => code === 'network.not-started'),
    );
    const state = await call(getLocalState, {});
    expect(state).toMatchObject({ role: 'member', step: 'key-made', siteId: null, network: { name: 'retail' } });
    expect(state.troubles).toContainEqual(expect.objectContaining({ code: 'network.not-started' }));
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([409, 'site.not-joined']);
  });

  it('says of a site that joins why its links are not up', async () => {
    await apis.management().nats.kill();
    const { call, site } = await apis.opened();
    const detail = '127.0.0.1:1: nothing listens there (ECONNREFUSED)';
    await eventually('the link is named', async () => {
      site.controller.observed = { items: { 'link/claim-link': { state: 'waiting', detail } }, links: [] };
      const [first] = (await call(getLocalState, {})).troubles;
      return first?.code === 'management.away' && first.detail.endsWith(`to the management plane: ${detail}`);
    });
    await apis.management().nats.restart();
  });

  it('shows the reason of a refusal that is for ever', async () => {
    apis.plane.join = () => refusal('invitation.expired', 'never');
    const { call, site } = await apis.opened();
    await site.run;
    const state = await call(getLocalState, {});
    expect(state.step).toBe('refused');
    expect(state.troubles.at(-1)).toMatchObject({ code: 'invitation.expired', detail: 'refused: invitation.expired' });
  });

  it('leaves the network for good, once the management plane has decided', async () => {
    const { call } = await apis.joined();
    apis.plane.command = () => refusal('site.too-fast', 'later');
    expect(await codeOf(call(leaveNetwork, {}))).toEqual([503, 'management.busy']);
    apis.plane.command = () => ({ position: apis.plane.revision + 1, id: SITE_ID }); // which it is told nothing of
    expect(await call(leaveNetwork, {})).toEqual({ network: { id: NETWORK_ID, name: 'retail' } });
    expect(apis.plane.commands.at(-1)).toMatchObject({ command: 'leave' });
    apis.plane.command = () => refusal('member.unknown', 'never'); // the answer was lost, and it is asked again
    expect(await call(leaveNetwork, {})).toMatchObject({ network: { name: 'retail' } });
  });

  it('cannot leave what it has not joined', async () => {
    apis.plane.join = () => refusal('network.not-started', 'later');
    const { call } = await apis.opened();
    expect(await codeOf(call(leaveNetwork, {}))).toEqual([409, 'site.not-joined']);
  });

  it('shows the items, links and certificates of this site', async () => {
    const { call, site } = await apis.joined();
    expect(await call(getLocalState, {})).toMatchObject({ step: 'joined', name: 'hq', connected: true, revision: 7 });
    const { items } = await call(listSiteItems, {});
    expect(items).toMatchObject([{ key: 'link/member-link', kind: 'link', state: 'applied', revision: 7 }]);
    expect((await call(listSiteLinks, {})).items).toEqual([]);
    const { items: certificates } = await call(listSiteCertificates, {});
    expect(certificates).toMatchObject([
      { id: 'site', state: 'held', identity: `spiffe://test/network/${NETWORK_ID}/member/${SITE_ID}` },
    ]);
    const connection = {
      id: 'c1',
      scope: `network:${NETWORK_ID}`,
      address: 'inventory',
      at: '2026-01-01T00:00:00Z',
      from: { kind: 'listener', id: LISTENER_ID, peerIdentity: null },
      to: null,
      hops: 0,
      outcome: 'carried',
    } as const;
    site.plane.connectionsKnown = [connection, { ...connection, id: 'c2' }];
    expect((await call(listSiteConnections, { query: { id: 'c2' } })).items.map(({ id }) => id)).toEqual(['c2']);
    expect((await call(listSiteConnections, {})).items).toHaveLength(2);
  });

  it('says that its network has ended when its certificates have, without the management plane, and takes it back when they are others', async () => {
    const { call, dir, site } = await apis.joined();
    const { certificates } = site.controller.state;
    const { ordinal, chain, key } = certificates.get('site')!.held!;
    const member = { kind: 'member', installation: INSTALLATION, networkId: NETWORK_ID, memberId: SITE_ID } as const;
    const over = testAuthorities(new Date('2020-01-01T00:00:00.000Z')).make('member', member);
    await certificates.put('site', { ordinal, chain: over.chain, key: new Secret(over.key) });
    const troubles = async () => (await call(getLocalState, {})).troubles;
    const ended = { code: 'network.ended', detail: expect.stringContaining('The network retail ended at 2024-12-30') };
    await eventually('network.ended', async () => (await troubles()).some(({ code }) => code === 'network.ended'));
    expect(await troubles()).toContainEqual({ ...ended, since: '2024-12-30T00:00:00.000Z' });
    expect(await codeOf(call(openSiteListener, { body: newListener }))).toEqual([410, 'network.ended']);
    await site.stop();
    const again = await apis.reopened(dir);
    expect((await again.call(getLocalState, {})).troubles).toContainEqual(expect.objectContaining(ended));
    await again.site.controller.state.certificates.put('site', { ordinal, chain, key });
    await eventually('it is connected', async () => (await again.call(getLocalState, {})).connected);
    expect((await again.call(getLocalState, {})).troubles).toEqual([]);
  });

  it('does not make up links while its relay is away', async () => {
    const { call, site } = await apis.joined();
    site.controller.relayConnected = false;
    expect(await codeOf(call(listSiteLinks, {}))).toEqual([503, 'relay.unavailable']);
    expect((await call(getLocalState, {})).relayConnected).toBe(false);
  });
});
