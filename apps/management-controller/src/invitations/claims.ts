import { ClaimDeclined, ClaimRequested, InvitationClaimed } from '@caravan/events';
import type { EventOf, InvitationEvent, InvitationTerms, SiteDetails } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { memberName, memberNameOf } from '../networks/member-names.js';
import { requireNotEnded, requireOpen } from '../networks/window.js';
import { requireDetails } from './details.js';
import type { ApproveClaim, ClaimInvitation, DeclineClaim } from './invitation.js';

/** What a claimant's key led to. */
export interface Claim {
  /** `awaited`: nobody has decided on it yet. `gone`: the member was removed since. */
  readonly status: 'awaited' | 'member' | 'declined' | 'gone';
  readonly memberId: string;
  readonly memberName: string;
  readonly certificateId: string;
  readonly details: SiteDetails;
}

export type Claimed = EventOf<typeof ClaimRequested>['data'];

export interface IssuedInvitation {
  readonly status: 'open' | 'revoked';
  readonly terms: InvitationTerms;
  /** By the claimant's key. Never shrinks: a removed member's key is not let in again, nor is one that was declined. */
  readonly claims: Map<string, Claim>;
  /** By the member that each would be: what waits for somebody's approval. */
  readonly awaited: Map<string, Claimed>;
  /** Members that nobody will be: their instances are free. */
  readonly declined: Set<string>;
  /** Of those that are members, or may be. */
  readonly names: Set<string>;
  readonly credentials: Set<string>;
  /** By their ids; withdrawn ones stay, so that none comes back. */
  readonly joinTokens: Map<string, 'live' | 'withdrawn'>;
  readonly members: Map<string, string>;
}

/** @throws Rejection `invitation.*`, `network.*` */
export function claim(command: ClaimInvitation, state: IssuedInvitation): InvitationEvent[] {
  const { invitationId, claimantKey, csr, memberId, certificateId, network } = command;
  const { terms, claims, declined } = state;
  const { networkId, backboneId, instanceLimit, siteClasses, memberAccessPoints } = terms;
  const { now } = command.metadata;
  const earlier = claims.get(claimantKey);
  // Idempotent by meaning: whoever holds the key gets the member that the key was given, also after deadline and revocation.
  if (earlier) requireWelcome(earlier, state);
  else requireOffered(state, now);
  // Nobody is let in outside the window, also who claimed before: the same answer as at the relay and at NATS.
  requireOpen(network, networkId, now);
  if (earlier) return [];
  if (instanceLimit !== null && claims.size - declined.size >= instanceLimit) {
    const waiting = state.awaited.size;
    const held = `${waiting} of its ${instanceLimit} places are held by sites that wait to be approved: try again when that is decided.`;
    throw new Rejection('invitation.exhausted', { instanceLimit, ...(waiting > 0 && { detail: held }) });
  }
  const ordinal = claims.size + 1;
  const claimed: Claimed = {
    ...{ invitationId, networkId, backboneId, memberId, ordinal, siteClasses, memberAccessPoints },
    ...{ claimantKey, certificateId, csr },
    memberName: nameFor(command, state, ordinal),
    details: requireDetails(terms.asks, command.details ?? {}),
  };
  return [terms.approval ? ClaimRequested(claimed) : InvitationClaimed(claimed)];
}

/** @throws Rejection `claim.unknown`, `claim.gone`, `claim.declined`, `invitation.revoked`, `network.ended` */
export function approve({ memberId, network, metadata }: ApproveClaim, state: IssuedInvitation): InvitationEvent[] {
  const claimed = state.awaited.get(memberId);
  if (!claimed) {
    if (state.members.has(memberId)) return [];
    throw state.declined.has(memberId) ? new Rejection('claim.declined', { memberId }) : notThere(memberId, state);
  }
  requireNotRevoked(state);
  requireNotEnded(network, metadata.now);
  return [InvitationClaimed(claimed)];
}

/** @throws Rejection `claim.unknown`, `claim.gone`, `claim.approved` */
export function decline({ invitationId, memberId }: DeclineClaim, state: IssuedInvitation): InvitationEvent[] {
  const { networkId } = state.terms;
  if (state.awaited.has(memberId)) return [ClaimDeclined({ invitationId, networkId, memberId })];
  if (state.declined.has(memberId)) return [];
  throw state.members.has(memberId) ? new Rejection('claim.approved', { memberId }) : notThere(memberId, state);
}

function notThere(memberId: string, { claims }: IssuedInvitation): Rejection {
  const isGone = [...claims.values()].some((each) => each.memberId === memberId && each.status === 'gone');
  return isGone ? new Rejection('claim.gone', { memberId }) : new Rejection('claim.unknown', { memberId });
}

/** @throws Rejection `invitation.revoked`, `invitation.expired` */
export function requireOffered(state: IssuedInvitation, now: Date): void {
  requireNotRevoked(state);
  const { deadline } = state.terms;
  if (deadline !== null && deadline <= now.toISOString()) throw new Rejection('invitation.expired', { deadline });
}

/** @throws Rejection `invitation.revoked` */
export function requireNotRevoked({ status, terms: { invitationId } }: IssuedInvitation): void {
  if (status === 'revoked') throw new Rejection('invitation.revoked', { invitationId });
}

function requireWelcome({ status, memberId }: Claim, state: IssuedInvitation): void {
  if (status === 'gone') throw new Rejection('invitation.member-removed', { memberId });
  if (status === 'declined') throw new Rejection('invitation.claim-declined', { memberId });
  if (status === 'awaited') requireNotRevoked(state);
}

function nameFor({ name }: ClaimInvitation, { terms, names }: IssuedInvitation, ordinal: number): string {
  if (!terms.interactive) {
    if (name === undefined) return memberName(terms, ordinal);
    throw wrongName(`Its sites are named by the invitation: ask without a name.`);
  }
  if (name === undefined) throw wrongName('Whoever joins by it gives the site its name, and none was given.');
  const memberNamed = memberNameOf(terms, name);
  if (memberNamed === undefined) throw wrongName(`${terms.namePrefix}-${name} is longer than a name may be.`);
  if (names.has(memberNamed)) {
    throw new Rejection('invitation.site-name-taken', { detail: `${memberNamed} is taken: choose another name.` });
  }
  return memberNamed;
}

const wrongName = (detail: string): Rejection => new Rejection('invitation.site-name-wrong', { detail });
