import {
  InvitationCredentialRequested,
  InvitationDeleted,
  InvitationIssued,
  InvitationMemberGone,
  InvitationRevoked,
} from '@caravan/events';
import type { InvitationEvent, InvitationTerms, SiteDetails } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';
import type { NetworkWindow } from '../directory/entries.js';
import { requireNotEnded } from '../networks/window.js';
import type { NamedWindow } from '../networks/window.js';
import { approve, claim, decline, requireNotRevoked, requireOffered } from './claims.js';
import type { Claim, Claimed, IssuedInvitation } from './claims.js';
import { issueJoinToken, requireLiveToken, withdrawJoinToken } from './join-tokens.js';

export type InvitationState = { readonly status: 'unknown' } | IssuedInvitation | { readonly status: 'deleted' };

interface OfInvitation {
  readonly invitationId: string;
}
/** `network`, here and below, is the window of its network, read right before. */
export type ClaimInvitation = Command<'ClaimInvitation'> &
  OfInvitation & {
    readonly claimantKey: string;
    readonly csr: string;
    readonly memberId: string;
    readonly certificateId: string;
    readonly network: NetworkWindow | undefined;
    /** What whoever joins calls the site, and says of it. */
    readonly name?: string | undefined;
    readonly details?: SiteDetails | undefined;
  };
/** `memberId`: of the member that the claim is to lead to. */
export type ApproveClaim = Command<'ApproveClaim'> &
  OfInvitation & { readonly memberId: string; readonly network: NamedWindow };
export type DeclineClaim = Command<'DeclineClaim'> & OfInvitation & { readonly memberId: string };
/** `joinTokenId`: of the token by which it is asked for; absent: an administrator does. */
export type RequestCredential = Command<'RequestCredential'> &
  OfInvitation & {
    readonly certificateId: string;
    readonly csr: string;
    readonly network: NamedWindow;
    readonly joinTokenId?: string | undefined;
  };
export type IssueJoinToken = Command<'IssueJoinToken'> &
  OfInvitation & { readonly joinTokenId: string; readonly secretHash: string; readonly network: NamedWindow };
export type WithdrawJoinToken = Command<'WithdrawJoinToken'> &
  OfInvitation & { readonly joinTokenId: string; readonly networkId: string };
export type InvitationCommand =
  | (Command<'IssueInvitation'> & OfInvitation & { readonly terms: InvitationTerms })
  | RequestCredential
  | IssueJoinToken
  | WithdrawJoinToken
  | ClaimInvitation
  | ApproveClaim
  | DeclineClaim
  | (Command<'RevokeInvitation'> & OfInvitation)
  | (Command<'RecordMembersGone'> & OfInvitation & { readonly memberIds: readonly string[] })
  | (Command<'DeleteInvitation'> & OfInvitation & { readonly networkId: string });

/** An invitation decides who may use it, how often and until when: one compare-and-set for each claim. */
export const invitation: Decider<InvitationState, InvitationCommand, InvitationEvent> = {
  initial: () => ({ status: 'unknown' }),

  decide(command, state) {
    const { invitationId } = command;
    if (command.type === 'IssueInvitation') return state.status === 'unknown' ? [InvitationIssued(command.terms)] : [];
    const present = state.status === 'open' || state.status === 'revoked';
    if (command.type === 'RecordMembersGone') {
      // The request that removes a member records it and the reaction does too, perhaps when the invitation itself is gone.
      const gone = command.memberIds.filter((memberId) => present && state.members.has(memberId));
      return gone.map((memberId) => InvitationMemberGone({ invitationId, memberId }));
    }
    if (!present) throw new Rejection('invitation.unknown', { invitationId });
    const { networkId } = state.terms;
    switch (command.type) {
      case 'ClaimInvitation':
        return claim(command, state);
      case 'ApproveClaim':
        return approve(command, state);
      case 'DeclineClaim':
        return decline(command, state);
      case 'RequestCredential': {
        const { certificateId, csr } = command;
        if (state.credentials.has(certificateId)) return [];
        requireLiveToken(command, state);
        // Who waits for approval may need it anew; the deadline is for claims, which are held against it by themselves.
        if (state.awaited.size > 0) requireNotRevoked(state);
        else requireOffered(state, command.metadata.now);
        requireNotEnded(command.network, command.metadata.now);
        return [InvitationCredentialRequested({ invitationId, networkId, certificateId, csr })];
      }
      case 'IssueJoinToken':
        return issueJoinToken(command, state);
      case 'WithdrawJoinToken':
        return withdrawJoinToken(command, state);
      case 'RevokeInvitation':
        return state.status === 'revoked' ? [] : [InvitationRevoked({ invitationId })];
      case 'DeleteInvitation':
        // Named by its path, and only in its own network.
        if (command.networkId !== networkId) throw new Rejection('invitation.unknown', { invitationId });
        if (state.awaited.size > 0) throw new Rejection('invitation.has-claims', { awaited: state.awaited.size });
        if (state.members.size > 0) throw new Rejection('invitation.has-members', { members: state.members.size });
        return [InvitationDeleted({ invitationId, networkId })];
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'InvitationIssued') {
      const nobody = {
        claims: new Map(),
        awaited: new Map(),
        declined: new Set<string>(),
        names: new Set<string>(),
        joinTokens: new Map(),
        members: new Map(),
      };
      return { status: 'open', terms: event.data, credentials: new Set(), ...nobody };
    }
    if (state.status === 'unknown' || state.status === 'deleted') return state;
    switch (event.type) {
      case 'InvitationCredentialRequested':
        state.credentials.add(event.data.certificateId);
        return state;
      case 'JoinTokenIssued':
        state.joinTokens.set(event.data.joinTokenId, 'live');
        return state;
      case 'JoinTokenWithdrawn':
        state.joinTokens.set(event.data.joinTokenId, 'withdrawn');
        return state;
      case 'ClaimRequested':
        state.awaited.set(event.data.memberId, event.data);
        return become(state, 'awaited', event.data);
      case 'ClaimDeclined': {
        const claimed = state.awaited.get(event.data.memberId);
        state.awaited.delete(event.data.memberId);
        state.declined.add(event.data.memberId);
        return claimed ? become(state, 'declined', claimed) : state;
      }
      case 'InvitationClaimed': {
        const { claimantKey, memberId } = event.data;
        state.awaited.delete(memberId);
        state.members.set(memberId, claimantKey);
        return become(state, 'member', event.data);
      }
      case 'InvitationMemberGone': {
        const key = state.members.get(event.data.memberId);
        const claimed = key === undefined ? undefined : state.claims.get(key);
        if (key !== undefined && claimed) {
          state.claims.set(key, { ...claimed, status: 'gone' });
          state.names.delete(claimed.memberName);
        }
        state.members.delete(event.data.memberId);
        return state;
      }
      case 'InvitationRevoked':
        return { ...state, status: 'revoked' };
      case 'InvitationDeleted':
        return { status: 'deleted' };
      default:
        return assertNever(event);
    }
  },
};

function become<State extends IssuedInvitation>(
  state: State,
  status: Claim['status'],
  { claimantKey, memberId, memberName, certificateId, details }: Claimed,
): State {
  state.claims.set(claimantKey, { status, memberId, memberName, certificateId, details });
  if (status === 'declined') state.names.delete(memberName);
  else state.names.add(memberName);
  return state;
}
