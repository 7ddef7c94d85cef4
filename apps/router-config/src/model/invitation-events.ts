import {
  ClaimDeclined,
  ClaimRequested,
  InvitationClaimed,
  InvitationCredentialRequested,
  InvitationDeleted,
  InvitationIssued,
  InvitationMemberGone,
  InvitationRevoked,
  JoinTokenIssued,
  JoinTokenWithdrawn,
} from '@caravan/events';
import type { InvitationEvent } from '@caravan/events';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';

export const onInvitation: HandlersOf<InvitationEvent> = {
  [InvitationIssued.type](model, { invitationId, networkId, claimAccessPoints }) {
    if (!model.networks.has(networkId) || model.invitations.has(invitationId)) return;
    const accessPoints = [...new Set(claimAccessPoints)];
    model.invitations.set(invitationId, { id: invitationId, networkId, claimAccessPoints: accessPoints });
  },
  [InvitationCredentialRequested.type]: nothing,
  [JoinTokenIssued.type]: nothing,
  [JoinTokenWithdrawn.type]: nothing,
  // Nothing is reachable by a claim that somebody has still to approve.
  [ClaimRequested.type]: nothing,
  [ClaimDeclined.type]: nothing,
  [InvitationClaimed.type]: nothing,
  // A claim reaches nothing but the claim endpoint, and that refuses with the code that the invitee should read.
  [InvitationRevoked.type]: nothing,
  [InvitationMemberGone.type]: nothing,
  [InvitationDeleted.type](model, { invitationId }) {
    model.invitations.delete(invitationId);
  },
};
