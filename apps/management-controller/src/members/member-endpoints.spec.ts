import { describe, it } from 'vitest';
import { ConnectorChanged, ConnectorClosed, ListenerChanged, ListenerClosed, ListenerOpened } from '@caravan/events';
import { id } from '../example.fixture.js';
import { about, admitted, connector, given, here, listener, memberId, networkId } from './member.fixture.js';
import type { Endpoint } from './member.js';

const elsewhere: Endpoint = { address: 'orders', host: '127.0.0.1', port: 9090 };

describe('a listener of a member site', () => {
  const open = (name: string, at = here) => ({ type: 'OpenListener', listenerId: id(name), ...at, ...about }) as const;
  const change = (name: string, changes: Partial<Endpoint>) =>
    ({ type: 'ChangeListener', listenerId: id(name), ...changes, ...about }) as const;
  const close = (name: string) => ({ type: 'CloseListener', listenerId: id(name), ...about }) as const;
  const changed = (name: string, to: Endpoint) => ListenerChanged({ memberId, listenerId: id(name), ...to });
  const closed = (name: string) => ListenerClosed({ memberId, listenerId: id(name) });

  it('is opened once', () => {
    given(admitted).when(open('l')).then(listener('l'));
    given(admitted, listener('l')).when(open('l')).thenNothing();
  });

  it('has its host and port to itself, whatever they lead to', () => {
    const taken = { ...here, address: 'orders' };
    given(admitted, listener('l'))
      .when(open('second', taken))
      .thenRejects('listener.port-taken', { host: here.host, port: here.port, address: 'inventory' });
    given(admitted, listener('l'), listener('second', elsewhere))
      .when(change('second', { port: here.port }))
      .thenRejects('listener.port-taken');
  });

  it('may lead where another one leads, and use its port at another host', () => {
    const otherPort = { ...here, port: 8081 };
    const otherHost = { ...here, host: '127.0.0.2' };
    given(admitted, listener('l')).when(open('second', otherPort)).then(listener('second', otherPort));
    given(admitted, listener('l')).when(open('second', otherHost)).then(listener('second', otherHost));
  });

  it('ends TLS for its clients, with other certificates later, and ends none any more', () => {
    const tls = { certificate: 'web', clients: null };
    const open = { type: 'OpenListener', listenerId: id('l'), ...here, ...about } as const;
    const opened = ListenerOpened({ memberId, networkId, listenerId: id('l'), ...here, tls });
    given(admitted)
      .when({ ...open, tls })
      .then(opened);
    const to = (changes: { tls?: typeof tls | { certificate: null; clients: string } | null }) =>
      ({ type: 'ChangeListener', listenerId: id('l'), ...changes, ...about }) as const;
    given(admitted, opened).when(to({ tls })).thenNothing();
    given(admitted, opened).when(to({})).thenNothing();
    const partners = { certificate: null, clients: 'partners' };
    const changed = ListenerChanged({ memberId, listenerId: id('l'), ...here, tls: partners });
    given(admitted, opened)
      .when(to({ tls: partners }))
      .then(changed);
    given(admitted, opened, changed)
      .when(to({ tls: null }))
      .then(ListenerChanged({ memberId, listenerId: id('l'), ...here }));
  });

  it('gives its port back when it is closed or moved', () => {
    given(admitted, listener('l'), closed('l')).when(open('second')).then(listener('second'));
    given(admitted, listener('l'), changed('l', elsewhere)).when(open('second')).then(listener('second'));
  });

  it('changes what is named and nothing else', () => {
    given(admitted, listener('l'))
      .when(change('l', { address: 'orders' }))
      .then(changed('l', { ...here, address: 'orders' }));
    given(admitted, listener('l'), changed('l', elsewhere))
      .when(change('l', { host: '::1' }))
      .then(changed('l', { ...elsewhere, host: '::1' }));
    given(admitted, listener('l')).when(change('l', here)).thenNothing();
    given(admitted, listener('l')).when(change('l', {})).thenNothing();
  });

  it('never leads to the management plane, whichever way it is asked for', () => {
    const control = { ...here, address: 'caravan.control' };
    given(admitted).when(open('l', control)).thenRejects('listener.address-reserved', { address: 'caravan.control' });
    given(admitted, listener('l'))
      .when(change('l', { address: 'caravan.control' }))
      .thenRejects('listener.address-reserved');
  });

  it('is closed once; then it is unknown', () => {
    given(admitted, listener('l')).when(close('l')).then(closed('l'));
    for (const command of [close('l'), change('l', elsewhere)]) {
      given(admitted)
        .when(command)
        .thenRejects('listener.unknown', { listenerId: id('l') });
      given(admitted, listener('l'), closed('l')).when(command).thenRejects('listener.unknown');
    }
  });
});

describe('a connector of a member site', () => {
  const open = (name: string, at = here) =>
    ({ type: 'OpenConnector', connectorId: id(name), ...at, ...about }) as const;
  const change = (name: string, changes: Partial<Endpoint>) =>
    ({ type: 'ChangeConnector', connectorId: id(name), ...changes, ...about }) as const;
  const close = (name: string) => ({ type: 'CloseConnector', connectorId: id(name), ...about }) as const;
  const changed = (name: string, to: Endpoint) => ConnectorChanged({ memberId, connectorId: id(name), ...to });
  const closed = (name: string) => ConnectorClosed({ memberId, connectorId: id(name) });

  it('is opened once', () => {
    given(admitted).when(open('c')).then(connector('c'));
    given(admitted, connector('c')).when(open('c')).thenNothing();
  });

  it('is the only one of its address and server', () => {
    given(admitted, connector('c'))
      .when(open('second'))
      .thenRejects('connector.exists-already', { ...here });
    given(admitted, connector('c'), connector('second', elsewhere))
      .when(change('second', here))
      .thenRejects('connector.exists-already');
  });

  it('may share its address with other servers, and its server with other addresses', () => {
    const otherServer = { ...here, port: 8081 };
    const otherAddress = { ...here, address: 'orders' };
    given(admitted, connector('c')).when(open('second', otherServer)).then(connector('second', otherServer));
    given(admitted, connector('c')).when(open('second', otherAddress)).then(connector('second', otherAddress));
  });

  it('changes what is named and nothing else', () => {
    given(admitted, connector('c'))
      .when(change('c', { port: 8443 }))
      .then(changed('c', { ...here, port: 8443 }));
    given(admitted, connector('c')).when(change('c', here)).thenNothing();
  });

  it('is closed once; then it is unknown', () => {
    given(admitted, connector('c')).when(close('c')).then(closed('c'));
    for (const command of [close('c'), change('c', elsewhere)]) {
      given(admitted)
        .when(command)
        .thenRejects('connector.unknown', { connectorId: id('c') });
      given(admitted, connector('c'), closed('c')).when(command).thenRejects('connector.unknown');
    }
  });

  it('never answers for the management plane, whichever way it is asked for', () => {
    const control = { ...here, address: 'caravan.control' };
    given(admitted).when(open('c', control)).thenRejects('connector.address-reserved', { address: 'caravan.control' });
    given(admitted, connector('c'))
      .when(change('c', { address: 'caravan.control' }))
      .thenRejects('connector.address-reserved');
  });

  it('is no listener: an id of one kind means nothing to the other', () => {
    given(admitted, listener('l')).when(close('l')).thenRejects('connector.unknown');
  });
});
