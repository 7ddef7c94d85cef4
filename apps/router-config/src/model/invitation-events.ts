import {
  InvitationClaimed,
  InvitationCredentialRequested,
  InvitationDeleted,
  InvitationIssued,
  InvitationMemberGone,
  InvitationRevoked,
} from '@caravan/events';
import type { InvitationEvent } from '@caravan/events';
import type { Affected } from './affected.js';
import { noteEntrances } from './entrances.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import type { Model } from './model.js';

export const onInvitation: HandlersOf<InvitationEvent> = {
  [InvitationIssued.type](model, { invitationId, networkId, claimAccessPoints }) {
    if (!model.networks.has(networkId) || model.invitations.has(invitationId)) return;
    const accessPoints = [...new Set(claimAccessPoints)];
    model.invitations.set(invitationId, { id: invitationId, networkId, claimAccessPoints: accessPoints });
  },
  [InvitationCredentialRequested.type]: nothing,
  [InvitationClaimed.type]: nothing,
  [InvitationRevoked.type](model, { invitationId }, affected) {
    const invitation = model.invitations.get(invitationId);
    if (invitation) denyInvitation(model, invitation.networkId, invitationId, affected);
  },
  [InvitationMemberGone.type]: nothing,
  [InvitationDeleted.type](model, { invitationId, networkId }, affected) {
    // Its claim certificate outlives it.
    denyInvitation(model, networkId, invitationId, affected);
    model.invitations.delete(invitationId);
  },
};

function denyInvitation(model: Model, networkId: string, invitationId: string, affected: Affected): void {
  const network = model.networks.get(networkId);
  if (!network || network.deniedInvitations.has(invitationId)) return;
  network.deniedInvitations.add(invitationId);
  if (network.status === 'placed') noteEntrances(model, { door: 'claim', ownerId: networkId }, 'changed', affected);
}
