import { describe, it } from '@jest/globals';
import { ConnectorClosed, ListenerClosed } from '@caravan/events';
import { id } from '../example.fixture.js';
import { about, admission, admitted, connector, given, here, listener, memberId, removed } from './member.fixture.js';

const admit = { type: 'AdmitMember', admission, ...about } as const;
const remove = { type: 'RemoveMember', ...about } as const;
const listenerClosed = ListenerClosed({ memberId, listenerId: id('l') });
const connectorClosed = ConnectorClosed({ memberId, connectorId: id('c') });

describe('a member site', () => {
  it('is admitted once, by its claim or by the reaction, and not again after it was removed', () => {
    given().when(admit).then(admitted);
    given(admitted).when(admit).thenNothing();
    given(admitted, removed).when(admit).thenNothing();
  });

  it('is removed when nothing is exposed or consumed at it', () => {
    given(admitted).when(remove).then(removed);
    given(admitted, listener('l'), connector('c'), listenerClosed, connectorClosed).when(remove).then(removed);
  });

  it('is not removed in the wrong order, and says what is left', () => {
    given(admitted, listener('l')).when(remove).thenRejects('member.has-listeners', { listeners: 1 });
    given(admitted, connector('c')).when(remove).thenRejects('member.has-connectors', { connectors: 1 });
    given(admitted, listener('l'), connector('c'), listenerClosed).when(remove).thenRejects('member.has-connectors');
    given(admitted, listener('l'), connector('c'), connectorClosed).when(remove).thenRejects('member.has-listeners');
  });

  it('does not exist before it was admitted, nor after it was removed', () => {
    const [listenerId, connectorId] = [id('l'), id('c')];
    for (const command of [
      remove,
      { type: 'OpenListener', listenerId, ...here, ...about },
      { type: 'ChangeListener', listenerId, ...about },
      { type: 'CloseListener', listenerId, ...about },
      { type: 'OpenConnector', connectorId, ...here, ...about },
      { type: 'ChangeConnector', connectorId, ...about },
      { type: 'CloseConnector', connectorId, ...about },
    ] as const) {
      given().when(command).thenRejects('member.unknown', { memberId });
      given(admitted, removed).when(command).thenRejects('member.unknown', { memberId });
    }
  });
});
