import { describe, expect, it } from 'vitest';
import {
  localStateSchema,
  siteCertificateSchema,
  siteEndpointSchema,
  siteItemSchema,
  siteLinkSchema,
} from '@caravan/api';
import type { ConnectorItem, Item, LinkItem, ListenerItem, ObservedLink } from '@caravan/data-plane';
import { Secret } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import type { Joining, Origin } from '../joining/index.js';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';
import { certificateOf, endpointsOf, itemsOf, linksOf, stateOf, troublesToTell } from './site-view.js';

const LISTENER_ID = '0198c0de-0000-7000-8000-000000000001';
const origin: Origin = {
  role: 'member',
  installation: INSTALLATION,
  control: { serverName: 'caravan.control', trust: [], direct: null },
  sourceId: 'i',
  asOf: 0,
  network: { id: 'n', name: 'retail' },
  backbone: null,
};
const state = (joining: Joining) =>
  stateOf({
    version: '0.1.0',
    joining,
    connected: true,
    relayConnected: true,
    revision: 7,
    appliedRevision: 6,
    troubles: [{ code: 'management.away', detail: 'no answer', since: '2026-01-01T00:00:00Z' }],
  });
const listener: ListenerItem = {
  kind: 'listener',
  id: LISTENER_ID,
  networkId: 'n',
  address: 'a',
  host: '127.0.0.1',
  port: 80,
};
const link: LinkItem = {
  kind: 'link',
  id: 'up',
  access: 'member',
  host: 'relay.example',
  port: 45671,
  serverName: 'x',
  trust: [],
  certificateId: 'site',
  cost: 1,
  reach: { kind: 'network', networkId: 'n' },
};

describe('what a participant reads of their site', () => {
  it('is its state at each step, with a name once it has one', () => {
    const admission = { siteId: 's', name: 'hq', chain: [], items: [] };
    const refusal = { code: 'invitation.expired', detail: 'It ended.' };
    const steps: Joining[] = [
      { status: 'invited', origin },
      { status: 'pending', origin, siteId: 's' },
      { status: 'admitted', origin, admission },
      { status: 'joined', site: { ...origin, siteId: 's', name: 'hq' } },
      { status: 'refused', origin, refusal, at: '2026-01-02T00:00:00Z' },
    ];
    const states = steps.map(state);
    for (const each of states) expect(localStateSchema.parse(each)).toEqual(each);
    expect(states.map(({ step, siteId, name }) => [step, siteId, name])).toEqual([
      ['invited', null, null],
      ['pending', 's', null],
      ['admitted', 's', 'hq'],
      ['joined', 's', 'hq'],
      ['refused', null, null],
    ]);
    expect(states[3]).toMatchObject({ network: { name: 'retail' }, backbone: null, revision: 7, appliedRevision: 6 });
  });

  it('ends with the reason when it was refused', () => {
    const refused = state({
      status: 'refused',
      origin,
      refusal: { code: 'invitation.expired', detail: 'It ended.' },
      at: '2026-01-02T00:00:00Z',
    });
    expect(refused.troubles.at(-1)).toEqual({
      code: 'invitation.expired',
      detail: 'It ended.',
      since: '2026-01-02T00:00:00Z',
    });
  });

  it('is each item as desired with what is observed of it', () => {
    const entries = new Map<string, { revision: number; item: unknown }>([
      ['listener/l', { revision: 5, item: listener }],
      ['tunnel/t', { revision: 6, item: { kind: 'tunnel' } }],
    ]);
    const state = { capability: 1, revision: 7, entries };
    const items = itemsOf(state, { items: { 'listener/l': { state: 'failed', detail: 'taken' } } });
    for (const each of items) expect(siteItemSchema.parse(each)).toEqual(each);
    expect(items).toMatchObject([
      { key: 'listener/l', kind: 'listener', revision: 5, state: 'failed', detail: 'taken', port: null },
      { key: 'tunnel/t', kind: 'tunnel', state: 'unknown' },
    ]);
  });

  it('is each link with where it leads, if this site dialled it', () => {
    const live: ObservedLink = {
      id: 'up',
      direction: 'dialled',
      access: 'member',
      peerIdentity: null,
      peerChain: [{ subject: 'CN=relay', issuer: 'CN=ca', serial: '1', notAfter: '2' }],
      since: '2026-01-01T00:00:00Z',
      streams: 1,
      bytesIn: 2,
      bytesOut: 3,
    };
    const links = linksOf([link], { links: [live, { ...live, direction: 'accepted' }] });
    for (const each of links) expect(siteLinkSchema.parse(each)).toEqual(each);
    expect(links.map(({ host, port }) => [host, port])).toEqual([
      ['relay.example', 45671],
      [null, null],
    ]);
  });

  it('is its own listeners and connectors', () => {
    const items: Item[] = [
      link,
      listener,
      { kind: 'connector', id: 'c', networkId: 'n', address: 'a', host: '127.0.0.1', port: 80 },
    ];
    const listeners = endpointsOf('listener', items, { items: { [`listener/${LISTENER_ID}`]: { state: 'applied' } } });
    expect(siteEndpointSchema.parse(listeners[0])).toEqual(listeners[0]);
    expect(listeners).toMatchObject([{ id: LISTENER_ID, address: 'a', host: '127.0.0.1', port: 80, state: 'applied' }]);
    expect(endpointsOf('connector', items, { items: {} })).toMatchObject([{ id: 'c', state: 'unknown' }]);
  });

  it('speaks TLS with applications as it was asked to, and names nothing that it makes itself', () => {
    const at = { networkId: 'n', address: 'a', host: '127.0.0.1', port: 80 };
    const ends = (tls: ListenerItem['tls']) =>
      endpointsOf('listener', [{ ...listener, ...(tls && { tls }) }], { items: {} });
    expect(ends(undefined)).toMatchObject([{ tls: null }]);
    expect(ends({ certificateId: 'service-server' })).toMatchObject([{ tls: { certificate: null, clients: null } }]);
    expect(ends({ certificateId: 'web', clientTrustId: 'partners' })).toMatchObject([
      { tls: { certificate: 'web', clients: 'partners' } },
    ]);
    const begins = (tls: NonNullable<ConnectorItem['tls']>) =>
      endpointsOf('connector', [{ kind: 'connector', id: 'c', ...at, tls }], { items: {} });
    const own = { trustId: 'service-client', certificateId: 'service-client' };
    expect(begins({ serverName: '127.0.0.1', ...own })).toMatchObject([
      { tls: { serverName: null, trust: null, certificate: null } },
    ]);
    expect(begins({ serverName: 'db', trustId: 'company' })).toMatchObject([
      { tls: { serverName: 'db', trust: 'company', certificate: null } },
    ]);
  });

  it('is what its certificates say, and nothing of their keys', () => {
    const identity: Identity = { kind: 'member', installation: INSTALLATION, networkId: 'n', memberId: 'm' };
    const { chain, key } = testAuthorities().make('member', identity);
    const held = { ordinal: 1, chain, key: new Secret(key) };
    const requested = { ordinal: 2, csr: 'x', key: new Secret(key) };
    const all = [
      { id: 'a', held },
      { id: 'a', held, requested },
      { id: 'a', requested },
    ].map(certificateOf);
    for (const each of all) expect(siteCertificateSchema.parse(each)).toEqual(each);
    expect(all.map((each) => [each.state, each.ordinal, each.requestedOrdinal])).toEqual([
      ['held', 1, null],
      ['rotating', 1, 2],
      ['requested', null, 2],
    ]);
    expect(all[0]).toMatchObject({ identity: 'spiffe://test/network/n/member/m', subject: 'CN=a member' });
    expect(JSON.stringify(all)).not.toContain('KEY');
  });
});

describe('the troubles of a site', () => {
  const trouble = (code: string, detail = '') => ({ code, detail, since: '2026-01-01T00:00:00Z' });
  const codes = (...given: string[]) => troublesToTell(given.map((code) => trouble(code))).map(({ code }) => code);

  it('are one of each code, the first', () => {
    const [one, other] = [trouble('management.away', 'one'), trouble('management.away', 'other')];
    expect(troublesToTell([one, other, trouble('relay.away')])).toEqual([one, trouble('relay.away')]);
  });

  it('are no more than the wait while it waits for its network to start: the way there is shut until then', () => {
    expect(codes('management.away', 'network.not-started')).toEqual(['network.not-started']);
    expect(codes('management.away', 'certificate.not-yet-valid')).toEqual(['certificate.not-yet-valid']);
    expect(codes('management.away', 'network.ended')).toEqual(['management.away', 'network.ended']);
  });
});
