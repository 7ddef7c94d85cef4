import {
  DELETE_AFTER_SECONDS,
  InvitationListed,
  InvitationUnlisted,
  NetworkCreated,
  NetworkDeleted,
  NetworkDeletionBegun,
  NetworkEnded,
  networkEvents,
  NetworkRescheduled,
  NetworkResumed,
  NetworkRevoked,
  NetworkSuspended,
  PLAIN_TERMS,
  SiteClassAdded,
  SiteClassRemoved,
} from '@caravan/events';
import type { InvitationTerms } from '@caravan/events';
import { commandMetadata, specification } from '@caravan/testing/specification';
import type { NetworkEntry } from '../directory/entries.js';
import { id } from '../example.fixture.js';
import { network } from './network.js';

/** Specs of the stream on which a network's site classes and the names of its invitations are decided. */
export const { given } = specification(network, networkEvents);

export const networkId = id('retail');
export const backboneId = id('demo');
export const about = { networkId, metadata: commandMetadata() };

export const networkTerms = {
  networkId,
  backboneId,
  name: 'retail',
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: null,
  deleteAfterSeconds: DELETE_AFTER_SECONDS,
};
export const created = NetworkCreated(networkTerms);
/** As the directory has one. */
export const lasting = (startsAt: string, endsAt: string | null = null): NetworkEntry => ({
  ...{ startsAt, endsAt, deleteAfterSeconds: DELETE_AFTER_SECONDS },
  certified: { startsAt, endsAt },
});
export const rescheduled = (startsAt: string, endsAt: string | null, deleteAfterSeconds = DELETE_AFTER_SECONDS) =>
  NetworkRescheduled({ networkId, backboneId, startsAt, endsAt, deleteAfterSeconds });
export const ended = (endsAt: string) => NetworkEnded({ networkId, backboneId, name: 'retail', endsAt });
export const deletionBegun = NetworkDeletionBegun({ networkId, backboneId });
export const suspended = NetworkSuspended({ networkId, backboneId });
export const resumed = NetworkResumed({ networkId, backboneId });
export const deleted = NetworkDeleted({ networkId, backboneId });

export const revoked = NetworkRevoked({ networkId, backboneId });

export const siteClass = (name: string) => SiteClassAdded({ networkId, siteClassId: id(name), name });
export const siteClassRemoved = (name: string) => SiteClassRemoved({ networkId, siteClassId: id(name) });

export const terms = (name: string, changes: Partial<InvitationTerms> = {}): InvitationTerms => ({
  invitationId: id(name),
  networkId,
  backboneId,
  name,
  namePrefix: name,
  deadline: null,
  instanceLimit: null,
  siteClasses: [],
  claimAccessPoints: [id('claim access point')],
  memberAccessPoints: [id('member access point')],
  ...PLAIN_TERMS,
  ...changes,
});
export const listed = (name: string, changes: Partial<InvitationTerms> = {}) => InvitationListed(terms(name, changes));
export const unlisted = (name: string) => InvitationUnlisted({ networkId, invitationId: id(name) });
