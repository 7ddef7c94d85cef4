import { describe, it } from 'vitest';
import {
  ConnectorClosed,
  ListenerClosed,
  MemberCertificateDue,
  MemberCertificateRequested,
  MemberLinkCertificatesSupplied,
} from '@caravan/events';
import { csr, id, key, linkCertificate } from '../example.fixture.js';
import {
  about,
  admission,
  admitted,
  connector,
  given,
  here,
  listener,
  memberId,
  networkId,
  removed,
} from './member.fixture.js';

const admit = { type: 'AdmitMember', admission, ...about } as const;
const remove = { type: 'RemoveMember', networkId: admission.networkId, ...about } as const;
const listenerClosed = ListenerClosed({ memberId, listenerId: id('l') });
const connectorClosed = ConnectorClosed({ memberId, connectorId: id('c') });

describe('a member site', () => {
  it('is admitted once, by its claim or by the reaction, and not again after it was removed', () => {
    given().when(admit).then(admitted);
    given(admitted).when(admit).thenNothing();
    given(admitted, removed).when(admit).thenNothing();
  });

  it('is removed with everything that it opened, in one commit: opening more cannot hold that off', () => {
    given(admitted).when(remove).then(removed);
    given(admitted, listener('l'), connector('c')).when(remove).then(listenerClosed, connectorClosed, removed);
    given(admitted, listener('l'), listenerClosed, connector('c')).when(remove).then(connectorClosed, removed);
  });

  it('is removed from its own network, and from no other', () => {
    given(admitted)
      .when({ ...remove, networkId: id('another') })
      .thenRejects('member.unknown', { memberId });
  });

  it('opens a bounded number of listeners and of connectors', () => {
    const many = Array.from({ length: 48 }, (_, index) => index + 1);
    const listeners = many.map((n) => listener(`listener ${n}`, { ...here, port: n }));
    const connectors = many.map((n) => connector(`connector ${n}`, { ...here, port: n }));
    const oneMore = { ...here, port: 101, ...about } as const;
    given(admitted, ...listeners)
      .when({ type: 'OpenListener', listenerId: id('one more'), ...oneMore })
      .thenRejects('listener.too-many', { most: 48 });
    given(admitted, ...connectors)
      .when({ type: 'OpenConnector', connectorId: id('one more'), ...oneMore })
      .thenRejects('connector.too-many', { most: 48 });
  });

  it('shows what its operator supplies for its links, told as a whole when it is another', () => {
    const certificates = (...by: string[]) => by.map(linkCertificate);
    const supply = (...by: string[]) =>
      ({ type: 'SupplyMemberLinkCertificates', linkCertificates: certificates(...by), ...about }) as const;
    const supplied = (...by: string[]) =>
      MemberLinkCertificatesSupplied({ memberId, networkId, linkCertificates: certificates(...by) });
    given(admitted).when(supply()).thenNothing();
    given(admitted).when(supply('a')).then(supplied('a'));
    given(admitted, supplied('a')).when(supply('a')).thenNothing();
    given(admitted, supplied('a')).when(supply()).then(supplied());
    given().when(supply('a')).thenRejects('member.unknown', { memberId });
  });

  it('is to have another certificate, once for each ordinal', () => {
    const demand = (ordinal: number) => ({ type: 'RequireMemberCertificate', ordinal, ...about }) as const;
    const due = (ordinal: number) => MemberCertificateDue({ memberId, networkId, ordinal });
    given(admitted).when(demand(2)).then(due(2));
    given(admitted, due(3)).when(demand(2)).thenNothing();
    given(admitted, due(3)).when(demand(3)).thenNothing();
    given(admitted, due(3)).when(demand(4)).then(due(4));
    given(admitted, removed).when(demand(2)).thenRejects('member.unknown');
  });

  it('asks for another certificate once with each key', () => {
    const asked = { certificateId: id('second'), ordinal: 2, claimantKey: key('store-1'), csr };
    const ask = { type: 'RequestMemberCertificate', ...asked, ...about } as const;
    const requested = MemberCertificateRequested({ memberId, networkId, ...asked });
    given(admitted).when(ask).then(requested);
    given(admitted, requested).when(ask).thenNothing();
    const other = { certificateId: id('other'), claimantKey: key('other') };
    given(admitted, requested)
      .when({ ...ask, ...other })
      .then(MemberCertificateRequested({ memberId, networkId, ...asked, ...other }));
    given(admitted, requested)
      .when({ ...ask, ordinal: 3 })
      .then(MemberCertificateRequested({ memberId, networkId, ...asked, ordinal: 3 }));
    given(admitted, removed).when(ask).thenRejects('member.unknown');
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
