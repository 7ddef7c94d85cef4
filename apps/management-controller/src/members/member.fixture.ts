import { ConnectorOpened, ListenerOpened, MemberAdmitted, memberEvents, MemberRemoved } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import { csr, id, key } from '../example.fixture.js';
import { member } from './member.js';
import type { Endpoint } from './member.js';

export const { given } = specification(member, memberEvents);

export const memberId = id('store-1');
export const networkId = id('retail');
export const about = { memberId, metadata: commandMetadata() };

export const admission = {
  memberId,
  networkId,
  backboneId: id('demo'),
  invitationId: id('store'),
  name: 'store-1',
  siteClasses: ['storefront'],
  memberAccessPoints: [id('member access point')],
  claimantKey: key('store-1'),
  certificateId: id('certificate of store-1'),
  csr,
  details: {},
};
export const admitted = MemberAdmitted(admission);
export const removed = MemberRemoved({ memberId, networkId, invitationId: id('store') });

export const here: Endpoint = { address: 'inventory', host: '127.0.0.1', port: 8080 };
export const listener = (name: string, at: Endpoint = here) =>
  ListenerOpened({ memberId, networkId, listenerId: id(name), ...at });
export const connector = (name: string, at: Endpoint = here) =>
  ConnectorOpened({ memberId, networkId, connectorId: id(name), ...at });
