import { assertNever } from '@caravan/event-store';
import type { InvitationCommand } from '../invitations/invitation.js';
import { isOver } from './membership-rules.fixture.js';
import { does, nothing, refused, those } from './world.fixture.js';
import type { Verdict, World } from './world.fixture.js';

export function verdictOnInvitation(world: World, command: InvitationCommand): Verdict {
  const { invitationId, metadata } = command;
  const invitation = world.invitations.get(invitationId);
  if (command.type === 'IssueInvitation') {
    if (invitation) return nothing;
    const nothingYet = { claims: new Map(), credentials: new Set<string>(), joinTokens: new Map() };
    const issued = { terms: command.terms, is: 'open', ...nothingYet } as const;
    return does('InvitationIssued', () => world.invitations.set(invitationId, { ...issued }));
  }
  const present = invitation && invitation.is !== 'gone';
  if (command.type === 'RecordMembersGone') {
    const claims = present
      ? those(invitation.claims, ({ member, is }) => is === 'member' && command.memberIds.includes(member))
      : [];
    const then = () => claims.forEach((claim) => (claim.is = 'gone'));
    return { does: claims.map(() => 'InvitationMemberGone'), then };
  }
  if (!present) return refused('invitation.unknown');
  const { claims, terms, joinTokens } = invitation;
  const closed = (): Verdict | undefined => {
    if (invitation.is === 'revoked') return refused('invitation.revoked');
    return isOver(terms.deadline, metadata.now) ? refused('invitation.expired') : undefined;
  };
  switch (command.type) {
    case 'ClaimInvitation': {
      const { claimantKey, memberId: member, network } = command;
      const earlier = claims.get(claimantKey);
      if (earlier?.is === 'gone') return refused('invitation.member-removed');
      if (earlier?.is === 'declined') return refused('invitation.claim-declined');
      if (earlier?.is === 'awaited' && invitation.is === 'revoked') return refused('invitation.revoked');
      const no = earlier ? undefined : closed();
      if (no) return no;
      if (!network) return refused('network.unknown');
      if (network.endedAt) return refused('network.ended');
      if (metadata.now.getTime() < Date.parse(network.startsAt)) return refused('network.not-started');
      if (isOver(network.endsAt, metadata.now)) return refused('network.ended');
      if (network.suspended) return refused('network.suspended');
      if (earlier) return nothing;
      const taken = those(claims, ({ is }) => is !== 'declined');
      if (terms.instanceLimit !== null && taken.length >= terms.instanceLimit) return refused('invitation.exhausted');
      const numbered = terms.instanceLimit === 1 ? terms.namePrefix : `${terms.namePrefix}-${claims.size + 1}`;
      if (terms.interactive !== (command.name !== undefined)) return refused('invitation.site-name-wrong');
      const name = terms.interactive ? `${terms.namePrefix}-${command.name}` : numbered;
      if (taken.some((other) => other.is !== 'gone' && other.name === name))
        return refused('invitation.site-name-taken');
      const missing = terms.asks.some((ask) => ask.required && command.details?.[ask.name] === undefined);
      if (missing) return refused('invitation.details-wrong');
      return terms.approval
        ? does('ClaimRequested', () => claims.set(claimantKey, { member, name, is: 'awaited' }))
        : does('InvitationClaimed', () => claims.set(claimantKey, { member, name, is: 'member' }));
    }
    case 'ApproveClaim':
    case 'DeclineClaim': {
      const approves = command.type === 'ApproveClaim';
      const [claim] = those(claims, ({ member }) => member === command.memberId);
      if (!claim) return refused('claim.unknown');
      if (claim.is === 'gone') return refused('claim.gone');
      if (claim.is === 'member') return approves ? nothing : refused('claim.approved');
      if (claim.is === 'declined') return approves ? refused('claim.declined') : nothing;
      if (!approves) return does('ClaimDeclined', () => (claim.is = 'declined'));
      if (invitation.is === 'revoked') return refused('invitation.revoked');
      const { endsAt, endedAt } = command.network;
      if (endedAt || isOver(endsAt, metadata.now)) return refused('network.ended');
      return does('InvitationClaimed', () => (claim.is = 'member'));
    }
    case 'RequestCredential': {
      if (invitation.credentials.has(command.certificateId)) return nothing;
      const { joinTokenId } = command;
      if (joinTokenId !== undefined && joinTokens.get(joinTokenId) !== 'live') return refused('join-token.withdrawn');
      const asked = does('InvitationCredentialRequested', () => invitation.credentials.add(command.certificateId));
      const { endsAt, endedAt } = command.network;
      const waits = those(claims, ({ is }) => is === 'awaited').length > 0;
      const no = waits && invitation.is !== 'revoked' ? undefined : closed();
      return no ?? (endedAt || isOver(endsAt, metadata.now) ? refused('network.ended') : asked);
    }
    case 'IssueJoinToken': {
      const { joinTokenId, network } = command;
      if (joinTokens.has(joinTokenId)) return nothing;
      const issues = does('JoinTokenIssued', () => joinTokens.set(joinTokenId, 'live'));
      return closed() ?? (network.endedAt || isOver(network.endsAt, metadata.now) ? refused('network.ended') : issues);
    }
    case 'WithdrawJoinToken': {
      const { joinTokenId, networkId } = command;
      if (networkId !== terms.networkId || !joinTokens.has(joinTokenId)) return refused('join-token.unknown');
      if (joinTokens.get(joinTokenId) === 'withdrawn') return nothing;
      return does('JoinTokenWithdrawn', () => joinTokens.set(joinTokenId, 'withdrawn'));
    }
    case 'RevokeInvitation':
      if (invitation.is === 'revoked') return nothing;
      return does('InvitationRevoked', () => (invitation.is = 'revoked'));
    case 'DeleteInvitation':
      if (command.networkId !== terms.networkId) return refused('invitation.unknown');
      if (those(claims, ({ is }) => is === 'awaited').length > 0) return refused('invitation.has-claims');
      if (those(claims, ({ is }) => is === 'member').length > 0) return refused('invitation.has-members');
      return does('InvitationDeleted', () => (invitation.is = 'gone'));
    default:
      return assertNever(command);
  }
}
