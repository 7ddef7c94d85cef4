import type { InvitationTerms } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { InvitationCommand } from '../invitations/invitation.js';
import type { NetworkCommand } from '../networks/network-state.js';
import { does, nothing, refused, those } from './world.fixture.js';
import type { Verdict, World } from './world.fixture.js';

/** Site classes of one network. */
const MOST_SITE_CLASSES = 64;

export function verdictOnNetwork(world: World, command: NetworkCommand): Verdict {
  const { networkId } = command;
  const network = world.networks.get(networkId);
  const { classes, listed } = world;
  if (command.type === 'CreateNetwork') {
    if (network) return nothing;
    const { backboneId: backbone, name, startsAt, endsAt, deleteAfterSeconds } = command;
    const is = { suspended: false, over: 'no', revoked: false, gone: false } as const;
    const created = { backbone, name, startsAt, endsAt, deleteAfterSeconds };
    return does('NetworkCreated', () => world.networks.set(networkId, { ...created, ...is }));
  }
  if (command.type === 'UnlistInvitation') {
    if (network?.gone !== false || listed.get(command.invitationId)?.networkId !== networkId) return nothing;
    return does('InvitationUnlisted', () => listed.delete(command.invitationId));
  }
  if (command.type === 'RevokeNetwork') {
    if (!network || network.gone || network.revoked) return nothing;
    const isToGo = network.over === 'ended' && command.isEviction;
    if (isToGo) return does('NetworkDeletionBegun', () => (network.over = 'deleting'));
    if (network.over !== 'no') return nothing;
    return does('NetworkRevoked', () => (network.revoked = true));
  }
  if (command.type === 'RecordNetworkEnd') {
    if (!network || network.gone || network.revoked || network.over !== 'no') return nothing;
    if (!isOver(network.endsAt, command.metadata.now)) return nothing;
    return does('NetworkEnded', () => (network.over = 'ended'));
  }
  if (!network || network.gone) return refused('network.unknown');
  const own = [...classes].filter(([, each]) => each.network === networkId);
  const invited = those(listed, (terms) => terms.networkId === networkId);
  const hasEnded = network.over !== 'no' || isOver(network.endsAt, command.metadata.now);
  switch (command.type) {
    case 'RescheduleNetwork': {
      const { startsAt = network.startsAt, endsAt = network.endsAt } = command;
      const { deleteAfterSeconds = network.deleteAfterSeconds } = command;
      const { now } = command.metadata;
      if (network.revoked) return refused('network.revoked');
      const isSame = startsAt === network.startsAt && endsAt === network.endsAt;
      if (isSame && deleteAfterSeconds === network.deleteAfterSeconds) return nothing;
      const change = does('NetworkRescheduled', () => Object.assign(network, { startsAt, endsAt, deleteAfterSeconds }));
      if (isSame && network.over !== 'deleting') return change;
      if (hasEnded) return refused('network.ended');
      if (startsAt !== network.startsAt && isOver(network.startsAt, now)) return refused('network.started');
      if (endsAt !== null && endsAt <= startsAt) return refused('network.ends-before-it-starts');
      if (isOver(endsAt, now)) return refused('network.end-passed');
      return change;
    }
    case 'EndNetwork': {
      const { now } = command.metadata;
      if (network.revoked) return refused('network.revoked');
      if (hasEnded) return nothing;
      if (!isOver(network.startsAt, now)) return refused('network.not-started');
      const [passed, least] = [Math.floor(now.getTime() / 1_000) * 1_000, Date.parse(network.startsAt) + 1_000];
      const endsAt = new Date(passed < least ? least : passed).toISOString();
      return does('NetworkRescheduled', () => Object.assign(network, { endsAt }));
    }
    case 'SuspendNetwork':
      if (network.revoked) return refused('network.revoked');
      if (network.suspended) return nothing;
      if (hasEnded) return refused('network.ended');
      return does('NetworkSuspended', () => (network.suspended = true));
    case 'ResumeNetwork':
      if (network.revoked) return refused('network.revoked');
      if (!network.suspended) return nothing;
      return does('NetworkResumed', () => (network.suspended = false));
    case 'DeleteNetwork':
      if (invited.length > 0) {
        if (network.revoked || network.over === 'deleting') return nothing;
        if (network.over === 'no') return refused('network.has-invitations');
        return does('NetworkDeletionBegun', () => (network.over = 'deleting'));
      }
      return {
        does: [...own.map(() => 'SiteClassRemoved'), 'NetworkDeleted'],
        then: () => {
          for (const [id] of own) classes.delete(id);
          network.gone = true;
        },
      };
    case 'AddSiteClass': {
      const { siteClassId, name } = command;
      if (own.some(([id]) => id === siteClassId)) return nothing;
      if (network.revoked) return refused('network.revoked');
      if (hasEnded) return refused('network.ended');
      if (own.some(([, each]) => each.name === name)) return refused('site-class.name-taken');
      if (own.length >= MOST_SITE_CLASSES) return refused('site-class.too-many');
      return does('SiteClassAdded', () => classes.set(siteClassId, { network: networkId, name }));
    }
    case 'RemoveSiteClass': {
      const siteClass = own.find(([id]) => id === command.siteClassId)?.[1];
      if (!siteClass) return refused('site-class.unknown');
      if (invited.some(({ siteClasses }) => siteClasses.includes(siteClass.name))) return refused('site-class.in-use');
      return does('SiteClassRemoved', () => classes.delete(command.siteClassId));
    }
    case 'ListInvitation': {
      const { terms } = command;
      if (invited.some(({ invitationId }) => invitationId === terms.invitationId)) return nothing;
      if (network.revoked) return refused('network.revoked');
      if (hasEnded) return refused('network.ended');
      if (isOver(terms.deadline, command.metadata.now)) return refused('invitation.deadline-passed');
      const known = own.map(([, { name }]) => name);
      if (!terms.siteClasses.every((name) => known.includes(name))) return refused('site-class.unknown');
      for (const other of invited) {
        if (other.name === terms.name) return refused('invitation.name-taken');
        if (mayMeet(other, terms)) return refused('invitation.member-names-taken');
      }
      return does('InvitationListed', () => listed.set(terms.invitationId, terms));
    }
    default:
      return assertNever(command);
  }
}

export function verdictOnInvitation(world: World, command: InvitationCommand): Verdict {
  const { invitationId, metadata } = command;
  const invitation = world.invitations.get(invitationId);
  if (command.type === 'IssueInvitation') {
    if (invitation) return nothing;
    const issued = { terms: command.terms, is: 'open', claims: new Map(), credentials: new Set<string>() } as const;
    return does('InvitationIssued', () => world.invitations.set(invitationId, { ...issued }));
  }
  const present = invitation && invitation.is !== 'gone';
  if (command.type === 'RecordMembersGone') {
    const claims = present
      ? those(invitation.claims, ({ member, gone }) => !gone && command.memberIds.includes(member))
      : [];
    const then = () => claims.forEach((claim) => (claim.gone = true));
    return { does: claims.map(() => 'InvitationMemberGone'), then };
  }
  if (!present) return refused('invitation.unknown');
  const { claims, terms } = invitation;
  const closed = (): Verdict | undefined => {
    if (invitation.is === 'revoked') return refused('invitation.revoked');
    return isOver(terms.deadline, metadata.now) ? refused('invitation.expired') : undefined;
  };
  switch (command.type) {
    case 'ClaimInvitation': {
      const { claimantKey, memberId: member, network } = command;
      const earlier = claims.get(claimantKey);
      if (earlier?.gone) return refused('invitation.member-removed');
      const no = earlier ? undefined : closed();
      if (no) return no;
      if (!network) return refused('network.unknown');
      if (network.endedAt) return refused('network.ended');
      if (metadata.now.getTime() < Date.parse(network.startsAt)) return refused('network.not-started');
      if (isOver(network.endsAt, metadata.now)) return refused('network.ended');
      if (network.suspended) return refused('network.suspended');
      if (earlier) return nothing;
      if (terms.instanceLimit !== null && claims.size >= terms.instanceLimit) return refused('invitation.exhausted');
      const name = terms.instanceLimit === 1 ? terms.namePrefix : `${terms.namePrefix}-${claims.size + 1}`;
      return does('InvitationClaimed', () => claims.set(claimantKey, { member, name, gone: false }));
    }
    case 'RequestCredential': {
      if (invitation.credentials.has(command.certificateId)) return nothing;
      const asked = does('InvitationCredentialRequested', () => invitation.credentials.add(command.certificateId));
      const { endsAt, endedAt } = command.network;
      return closed() ?? (endedAt || isOver(endsAt, metadata.now) ? refused('network.ended') : asked);
    }
    case 'RevokeInvitation':
      if (invitation.is === 'revoked') return nothing;
      return does('InvitationRevoked', () => (invitation.is = 'revoked'));
    case 'DeleteInvitation':
      if (command.networkId !== terms.networkId) return refused('invitation.unknown');
      if (those(claims, ({ gone }) => !gone).length > 0) return refused('invitation.has-members');
      return does('InvitationDeleted', () => (invitation.is = 'gone'));
    default:
      return assertNever(command);
  }
}

const isOver = (end: string | null, now: Date): boolean => end !== null && now.getTime() >= Date.parse(end);

/** More than any member counts to, or any prefix ends in, here. */
const MANY = 150;

/** Every name that a member who comes by this invitation could get. */
function memberNames({ namePrefix, instanceLimit }: InvitationTerms): ReadonlySet<string> {
  if (instanceLimit === 1) return new Set([namePrefix]);
  return new Set(Array.from({ length: Math.min(instanceLimit ?? MANY, MANY) }, (_, n) => `${namePrefix}-${n + 1}`));
}

const mayMeet = (one: InvitationTerms, other: InvitationTerms): boolean => {
  const names = memberNames(one);
  return [...memberNames(other)].some((name) => names.has(name));
};
