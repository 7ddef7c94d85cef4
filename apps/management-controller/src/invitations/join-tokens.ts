import { JoinTokenIssued, JoinTokenWithdrawn } from '@caravan/events';
import type { InvitationEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { requireNotEnded } from '../networks/window.js';
import { requireOffered } from './claims.js';
import type { IssuedInvitation } from './claims.js';
import type { IssueJoinToken, RequestCredential, WithdrawJoinToken } from './invitation.js';

/** @throws Rejection `invitation.revoked`, `invitation.expired`, `network.ended` */
export function issueJoinToken(command: IssueJoinToken, state: IssuedInvitation): InvitationEvent[] {
  const { invitationId, joinTokenId, secretHash, network, metadata } = command;
  if (state.joinTokens.has(joinTokenId)) return [];
  requireOffered(state, metadata.now);
  requireNotEnded(network, metadata.now);
  return [JoinTokenIssued({ invitationId, networkId: state.terms.networkId, joinTokenId, secretHash })];
}

/** @throws Rejection `join-token.unknown` */
export function withdrawJoinToken(command: WithdrawJoinToken, state: IssuedInvitation): InvitationEvent[] {
  const { invitationId, joinTokenId, networkId } = command;
  const status = networkId === state.terms.networkId ? state.joinTokens.get(joinTokenId) : undefined;
  if (status === undefined) throw new Rejection('join-token.unknown', { joinTokenId });
  return status === 'withdrawn' ? [] : [JoinTokenWithdrawn({ invitationId, joinTokenId })];
}

/** Who let it in at the edge may have known less than this. @throws Rejection `join-token.withdrawn` */
export function requireLiveToken({ joinTokenId }: RequestCredential, { joinTokens }: IssuedInvitation): void {
  if (joinTokenId === undefined || joinTokens.get(joinTokenId) === 'live') return;
  throw new Rejection('join-token.withdrawn', { joinTokenId });
}
