import type { InvitationTerms } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
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
      const [passed, least] = [
        Math.floor(now.getTime() / 1_000) * 1_000,
        Math.min(Date.parse(network.startsAt) + 1_000, 253_402_300_799_999),
      ];
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

export const isOver = (end: string | null, now: Date): boolean => end !== null && now.getTime() >= Date.parse(end);

/** More than any member counts to, or any prefix ends in, here. */
const MANY = 150;

/** Every name that a member who comes by this invitation could get. */
function memberNames({ namePrefix, instanceLimit, approval }: InvitationTerms): ReadonlySet<string> {
  if (instanceLimit === 1) return new Set([namePrefix]);
  const most = approval ? MANY : Math.min(instanceLimit ?? MANY, MANY);
  return new Set(Array.from({ length: most }, (_, n) => `${namePrefix}-${n + 1}`));
}

/** Whoever joins may have chosen anything. */
const mayMeet = (one: InvitationTerms, other: InvitationTerms): boolean => {
  if (other.interactive && !one.interactive) return mayMeet(other, one);
  const [own, others] = [`${one.namePrefix}-`, `${other.namePrefix}-`];
  if (other.interactive) return own.startsWith(others) || others.startsWith(own);
  if (one.interactive) return [...memberNames(other)].some((name) => name.startsWith(own));
  const names = memberNames(one);
  return [...memberNames(other)].some((name) => names.has(name));
};
