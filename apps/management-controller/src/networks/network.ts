import {
  InvitationUnlisted,
  NetworkCreated,
  NetworkDeleted,
  NetworkDeletionBegun,
  NetworkEnded,
  NetworkRevoked,
  SiteClassRemoved,
} from '@caravan/events';
import type { NetworkEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Decider } from '@caravan/event-store';
import { addSiteClass, listInvitation, removeSiteClass } from './listing.js';
import { isLasting } from './network-state.js';
import type { LastingNetwork, NetworkCommand, NetworkState, RevokeNetwork } from './network-state.js';
import { changeTerm } from './schedule.js';
import { phaseOf } from './window.js';

/** A network decides from when until when it is, its site classes, and what its invitations and members may be called. */
export const network: Decider<NetworkState, NetworkCommand, NetworkEvent> = {
  initial: () => ({ status: 'unknown' }),

  decide(command, state) {
    const { networkId } = command;
    if (command.type === 'CreateNetwork') {
      const { backboneId, name, startsAt, endsAt, deleteAfterSeconds } = command;
      const created = { networkId, backboneId, name, startsAt, endsAt, deleteAfterSeconds };
      // Opened once: by the request that placed it, or by the opening reaction if that one died.
      return state.status === 'unknown' ? [NetworkCreated(created)] : [];
    }
    if (command.type === 'UnlistInvitation') {
      const listed = isLasting(state) && state.invitations.has(command.invitationId);
      return listed ? [InvitationUnlisted({ networkId, invitationId: command.invitationId })] : [];
    }
    if (command.type === 'RevokeNetwork') return revoke(command, state);
    if (command.type === 'RecordNetworkEnd') return state.status === 'active' ? end(state, command.metadata.now) : [];
    if (!isLasting(state)) throw new Rejection('network.unknown', { networkId });
    const { now } = command.metadata;
    switch (command.type) {
      case 'RescheduleNetwork':
      case 'EndNetwork':
      case 'SuspendNetwork':
      case 'ResumeNetwork':
        return changeTerm(command, state);
      case 'DeleteNetwork':
        return remove(state);
      case 'AddSiteClass':
        return addSiteClass(command, now, state);
      case 'RemoveSiteClass':
        return removeSiteClass(command.siteClassId, state);
      case 'ListInvitation':
        return listInvitation(command.terms, now, state);
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'NetworkCreated') {
      return { status: 'active', ...event.data, suspended: false, siteClasses: new Map(), invitations: new Map() };
    }
    if (!isLasting(state)) return state;
    switch (event.type) {
      case 'NetworkDeleted':
        return { status: 'deleted', backboneId: state.backboneId };
      case 'NetworkRescheduled': {
        const { startsAt, endsAt, deleteAfterSeconds } = event.data;
        return { ...state, startsAt, endsAt, deleteAfterSeconds };
      }
      case 'NetworkSuspended':
        return { ...state, suspended: true };
      case 'NetworkResumed':
        return { ...state, suspended: false };
      case 'NetworkEnded':
        return { ...state, status: 'ended' };
      case 'NetworkDeletionBegun':
        return { ...state, status: 'deleting' };
      case 'NetworkRevoked':
        return { ...state, status: 'revoked' };
      case 'SiteClassAdded':
        state.siteClasses.set(event.data.siteClassId, { name: event.data.name });
        return state;
      case 'SiteClassRemoved':
        state.siteClasses.delete(event.data.siteClassId);
        return state;
      case 'InvitationListed': {
        const { invitationId, name, namePrefix, instanceLimit, interactive, approval, siteClasses } = event.data;
        const names = { namePrefix, instanceLimit, interactive, approval };
        state.invitations.set(invitationId, { name, ...names, siteClasses });
        return state;
      }
      case 'InvitationUnlisted':
        state.invitations.delete(event.data.invitationId);
        return state;
      default:
        return assertNever(event);
    }
  },
};

/** What is over need not be shown out: whoever wants that wants nothing left of it. */
function revoke({ networkId, isEviction }: RevokeNetwork, state: NetworkState): NetworkEvent[] {
  if (state.status === 'active') return [NetworkRevoked({ networkId, backboneId: state.backboneId })];
  return state.status === 'ended' && isEviction
    ? [NetworkDeletionBegun({ networkId, backboneId: state.backboneId })]
    : [];
}

function end(state: LastingNetwork, now: Date): NetworkEvent[] {
  const { networkId, backboneId, name, endsAt } = state;
  if (endsAt === null || phaseOf(state, now) !== 'ended') return [];
  return [NetworkEnded({ networkId, backboneId, name, endsAt })];
}

/** Nobody's members are taken from them while they are let in: whoever wants that ends the network first, or revokes it. */
function remove({ status, networkId, backboneId, siteClasses, invitations }: LastingNetwork): NetworkEvent[] {
  if (invitations.size === 0) {
    return [
      ...[...siteClasses.keys()].map((siteClassId) => SiteClassRemoved({ networkId, siteClassId })),
      NetworkDeleted({ networkId, backboneId }),
    ];
  }
  switch (status) {
    case 'active':
      throw new Rejection('network.has-invitations', { invitations: invitations.size });
    case 'ended':
      return [NetworkDeletionBegun({ networkId, backboneId })];
    case 'deleting':
    case 'revoked':
      return []; // it is being done
    default:
      return assertNever(status);
  }
}
