import {
  InvitationClaimed,
  InvitationCredentialRequested,
  InvitationDeleted,
  InvitationIssued,
  InvitationMemberGone,
  InvitationRevoked,
} from '@caravan/events';
import type { InvitationEvent, InvitationTerms } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';
import type { NetworkWindow } from '../directory/entries.js';
import { memberName } from '../networks/member-names.js';
import { requireNotEnded, requireOpen } from '../networks/window.js';
import type { NamedWindow } from '../networks/window.js';

/** What a claimant's key led to. `gone`: the member was removed since. */
export interface Claim {
  readonly memberId: string;
  readonly memberName: string;
  readonly certificateId: string;
  readonly gone: boolean;
}
interface IssuedInvitation {
  readonly status: 'open' | 'revoked';
  readonly terms: InvitationTerms;
  /** By the claimant's key. Never shrinks: a limit counts claims, and a removed member's key is not let in again. */
  readonly claims: Map<string, Claim>;
  readonly credentials: Set<string>;
  readonly members: Map<string, string>;
}
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
  };
export type InvitationCommand =
  | (Command<'IssueInvitation'> & OfInvitation & { readonly terms: InvitationTerms })
  | (Command<'RequestCredential'> &
      OfInvitation & { readonly certificateId: string; readonly csr: string; readonly network: NamedWindow })
  | ClaimInvitation
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
      case 'RequestCredential': {
        const { certificateId, csr } = command;
        if (state.credentials.has(certificateId)) return [];
        requireOffered(state, command.metadata.now);
        requireNotEnded(command.network, command.metadata.now);
        return [InvitationCredentialRequested({ invitationId, networkId, certificateId, csr })];
      }
      case 'RevokeInvitation':
        return state.status === 'revoked' ? [] : [InvitationRevoked({ invitationId })];
      case 'DeleteInvitation':
        // Named by its path, and only in its own network.
        if (command.networkId !== networkId) throw new Rejection('invitation.unknown', { invitationId });
        if (state.members.size > 0) throw new Rejection('invitation.has-members', { members: state.members.size });
        return [InvitationDeleted({ invitationId, networkId })];
      default:
        return assertNever(command);
    }
  },

  evolve(state, event) {
    if (event.type === 'InvitationIssued') {
      return { status: 'open', terms: event.data, claims: new Map(), credentials: new Set(), members: new Map() };
    }
    if (state.status === 'unknown' || state.status === 'deleted') return state;
    switch (event.type) {
      case 'InvitationCredentialRequested':
        state.credentials.add(event.data.certificateId);
        return state;
      case 'InvitationClaimed': {
        const { claimantKey, memberId, memberName, certificateId } = event.data;
        state.claims.set(claimantKey, { memberId, memberName, certificateId, gone: false });
        state.members.set(memberId, claimantKey);
        return state;
      }
      case 'InvitationMemberGone': {
        const key = state.members.get(event.data.memberId);
        const claimed = key === undefined ? undefined : state.claims.get(key);
        if (key !== undefined && claimed) state.claims.set(key, { ...claimed, gone: true });
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

function claim(command: ClaimInvitation, state: IssuedInvitation): InvitationEvent[] {
  const { invitationId, claimantKey, csr, memberId, certificateId, network } = command;
  const { networkId, backboneId, instanceLimit, siteClasses, memberAccessPoints } = state.terms;
  const earlier = state.claims.get(claimantKey);
  // Idempotent by meaning: whoever holds the key gets the member that the key was given, also after deadline and revocation.
  if (earlier?.gone) throw new Rejection('invitation.member-removed', { memberId: earlier.memberId });
  if (!earlier) requireOffered(state, command.metadata.now);
  // Nobody is let in outside the window, also who claimed before: the same answer as at the relay and at NATS.
  requireOpen(network, networkId, command.metadata.now);
  if (earlier) return [];
  if (instanceLimit !== null && state.claims.size >= instanceLimit) {
    throw new Rejection('invitation.exhausted', { instanceLimit });
  }
  const ordinal = state.claims.size + 1;
  return [
    InvitationClaimed({
      invitationId,
      networkId,
      backboneId,
      memberId,
      memberName: memberName(state.terms, ordinal),
      ordinal,
      siteClasses,
      memberAccessPoints,
      claimantKey,
      certificateId,
      csr,
    }),
  ];
}

function requireOffered({ status, terms }: IssuedInvitation, now: Date): void {
  if (status === 'revoked') throw new Rejection('invitation.revoked', { invitationId: terms.invitationId });
  if (terms.deadline !== null && terms.deadline <= now.toISOString()) {
    throw new Rejection('invitation.expired', { deadline: terms.deadline });
  }
}
