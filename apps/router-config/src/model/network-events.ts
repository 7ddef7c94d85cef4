import {
  InvitationListed,
  InvitationUnlisted,
  NetworkCreated,
  NetworkDeleted,
  NetworkDeletionBegun,
  NetworkEnded,
  NetworkRescheduled,
  NetworkResumed,
  NetworkRevoked,
  NetworkSuspended,
  SiteClassAdded,
  SiteClassRemoved,
} from '@caravan/events';
import type { NetworkEvent } from '@caravan/events';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import { endNetwork, rescheduleNetwork, resumeNetwork, suspendNetwork } from './networks.js';

export const onNetwork: HandlersOf<NetworkEvent> = {
  // Its backbone placed it before, and its doors open when its authorities are established.
  [NetworkCreated.type]: nothing,
  [NetworkRescheduled.type](model, data, affected) {
    rescheduleNetwork(model, data, affected);
  },
  [NetworkSuspended.type](model, { networkId }, affected) {
    suspendNetwork(model, networkId, affected);
  },
  [NetworkResumed.type](model, { networkId }, affected) {
    resumeNetwork(model, networkId, affected);
  },
  [NetworkEnded.type](model, { networkId }, affected) {
    endNetwork(model, networkId, affected);
  },
  [NetworkDeletionBegun.type]: nothing,
  [NetworkRevoked.type](model, { networkId }, affected) {
    endNetwork(model, networkId, affected);
  },
  [NetworkDeleted.type](model, { networkId }, affected) {
    endNetwork(model, networkId, affected);
  },
  [SiteClassAdded.type]: nothing,
  [SiteClassRemoved.type]: nothing,
  [InvitationListed.type]: nothing,
  [InvitationUnlisted.type]: nothing,
};
