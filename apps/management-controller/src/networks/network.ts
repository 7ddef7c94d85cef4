import {
  InvitationListed,
  InvitationUnlisted,
  NetworkCreated,
  NetworkDeleted,
  NetworkRevoked,
  SiteClassAdded,
  SiteClassRemoved,
} from '@caravan/events';
import type { InvitationTerms, NetworkEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';
import { memberNamesCollide } from './member-names.js';
import type { MemberNames } from './member-names.js';
import { changeWindow } from './schedule.js';
import type { WindowCommand } from './schedule.js';
import { requireNotEnded } from './window.js';

/** Of a revoked one nothing can be had any more; what it has can be taken away, and then itself. */
interface LastingNetwork {
  readonly status: 'active' | 'revoked';
  readonly networkId: string;
  readonly backboneId: string;
  readonly name: string;
  readonly startsAt: string;
  readonly endsAt: string | null;
  /** Nobody is let in until it is resumed. */
  readonly suspended: boolean;
  readonly siteClasses: Map<string, { readonly name: string }>;
  readonly invitations: Map<string, MemberNames & { readonly name: string; readonly siteClasses: readonly string[] }>;
}
export type NetworkState = { readonly status: 'unknown' } | LastingNetwork | { readonly status: 'deleted' };

interface OfNetwork {
  readonly networkId: string;
}
export type CreateNetwork = Command<'CreateNetwork'> &
  OfNetwork & {
    readonly backboneId: string;
    readonly name: string;
    readonly startsAt: string;
    readonly endsAt: string | null;
  };
export type NetworkCommand =
  | CreateNetwork
  | WindowCommand
  | (Command<'DeleteNetwork'> & OfNetwork)
  | (Command<'RevokeNetwork'> & OfNetwork)
  | (Command<'AddSiteClass'> & OfNetwork & { readonly siteClassId: string; readonly name: string })
  | (Command<'RemoveSiteClass'> & OfNetwork & { readonly siteClassId: string })
  | (Command<'ListInvitation'> & OfNetwork & { readonly terms: InvitationTerms })
  | (Command<'UnlistInvitation'> & OfNetwork & { readonly invitationId: string });

/** They are removed with their network, in one commit, which holds 100 events. */
export const MOST_SITE_CLASSES = 64;

/** A network decides its site classes and what its invitations and members may be called. */
export const network: Decider<NetworkState, NetworkCommand, NetworkEvent> = {
  initial: () => ({ status: 'unknown' }),

  decide(command, state) {
    const { networkId } = command;
    if (command.type === 'CreateNetwork') {
      const { backboneId, name, startsAt, endsAt } = command;
      // Opened once: by the request that placed it, or by the opening reaction if that one died.
      return state.status === 'unknown' ? [NetworkCreated({ networkId, backboneId, name, startsAt, endsAt })] : [];
    }
    if (command.type === 'UnlistInvitation') {
      const listed = isLasting(state) && state.invitations.has(command.invitationId);
      return listed ? [InvitationUnlisted({ networkId, invitationId: command.invitationId })] : [];
    }
    if (command.type === 'RevokeNetwork') {
      return state.status === 'active' ? [NetworkRevoked({ networkId, backboneId: state.backboneId })] : [];
    }
    if (!isLasting(state)) throw new Rejection('network.unknown', { networkId });
    const { now } = command.metadata;
    switch (command.type) {
      case 'RescheduleNetwork':
      case 'EndNetwork':
      case 'SuspendNetwork':
      case 'ResumeNetwork':
        requireNotRevoked(state);
        return changeWindow(command, state);
      case 'DeleteNetwork':
        if (state.invitations.size > 0) {
          throw new Rejection('network.has-invitations', { invitations: state.invitations.size });
        }
        return [
          ...[...state.siteClasses.keys()].map((siteClassId) => SiteClassRemoved({ networkId, siteClassId })),
          NetworkDeleted({ networkId, backboneId: state.backboneId }),
        ];
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
        return { status: 'deleted' };
      case 'NetworkRescheduled': {
        const { startsAt, endsAt } = event.data;
        return { ...state, startsAt, endsAt };
      }
      case 'NetworkSuspended':
        return { ...state, suspended: true };
      case 'NetworkResumed':
        return { ...state, suspended: false };
      case 'NetworkRevoked':
        return { ...state, status: 'revoked' };
      case 'SiteClassAdded':
        state.siteClasses.set(event.data.siteClassId, { name: event.data.name });
        return state;
      case 'SiteClassRemoved':
        state.siteClasses.delete(event.data.siteClassId);
        return state;
      case 'InvitationListed': {
        const { invitationId, name, namePrefix, instanceLimit, siteClasses } = event.data;
        state.invitations.set(invitationId, { name, namePrefix, instanceLimit, siteClasses });
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

const isLasting = (state: NetworkState): state is LastingNetwork =>
  state.status === 'active' || state.status === 'revoked';

function requireNotRevoked({ status, networkId }: LastingNetwork): void {
  if (status === 'revoked') throw new Rejection('network.revoked', { networkId });
}

function addSiteClass(
  { siteClassId, name }: { siteClassId: string; name: string },
  now: Date,
  state: LastingNetwork,
): NetworkEvent[] {
  if (state.siteClasses.has(siteClassId)) return [];
  requireNotRevoked(state);
  requireNotEnded(state, now);
  if (hasClass(name, state)) throw new Rejection('site-class.name-taken', { name });
  if (state.siteClasses.size >= MOST_SITE_CLASSES)
    throw new Rejection('site-class.too-many', { most: MOST_SITE_CLASSES });
  return [SiteClassAdded({ networkId: state.networkId, siteClassId, name })];
}

function removeSiteClass(siteClassId: string, state: LastingNetwork): NetworkEvent[] {
  const siteClass = state.siteClasses.get(siteClassId);
  if (!siteClass) throw new Rejection('site-class.unknown', { siteClassId });
  for (const invitation of state.invitations.values()) {
    if (invitation.siteClasses.includes(siteClass.name)) {
      throw new Rejection('site-class.in-use', { invitation: invitation.name });
    }
  }
  return [SiteClassRemoved({ networkId: state.networkId, siteClassId })];
}

function listInvitation(terms: InvitationTerms, now: Date, state: LastingNetwork): NetworkEvent[] {
  if (state.invitations.has(terms.invitationId)) return [];
  requireNotRevoked(state);
  requireNotEnded(state, now);
  if (terms.deadline !== null && terms.deadline <= now.toISOString()) {
    throw new Rejection('invitation.deadline-passed', { deadline: terms.deadline });
  }
  for (const siteClass of terms.siteClasses) {
    if (!hasClass(siteClass, state)) throw new Rejection('site-class.unknown', { name: siteClass });
  }
  for (const other of state.invitations.values()) {
    if (other.name === terms.name) throw new Rejection('invitation.name-taken', { name: terms.name });
    if (memberNamesCollide(other, terms)) {
      throw new Rejection('invitation.member-names-taken', { namePrefix: terms.namePrefix, by: other.name });
    }
  }
  return [InvitationListed(terms)];
}

const hasClass = (name: string, state: LastingNetwork): boolean =>
  [...state.siteClasses.values()].some((siteClass) => siteClass.name === name);
