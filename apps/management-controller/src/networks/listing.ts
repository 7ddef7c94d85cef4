import { InvitationListed, SiteClassAdded, SiteClassRemoved } from '@caravan/events';
import type { InvitationTerms, NetworkEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { memberNamesCollide } from './member-names.js';
import type { LastingNetwork } from './network-state.js';
import { requireGoingOn } from './schedule.js';

/** They are removed with their network, in one commit, which holds 100 events. */
export const MOST_SITE_CLASSES = 64;

export function addSiteClass(
  { siteClassId, name }: { siteClassId: string; name: string },
  now: Date,
  state: LastingNetwork,
): NetworkEvent[] {
  if (state.siteClasses.has(siteClassId)) return [];
  requireGoingOn(state, now);
  if (hasClass(name, state)) throw new Rejection('site-class.name-taken', { name });
  if (state.siteClasses.size >= MOST_SITE_CLASSES)
    throw new Rejection('site-class.too-many', { most: MOST_SITE_CLASSES });
  return [SiteClassAdded({ networkId: state.networkId, siteClassId, name })];
}

export function removeSiteClass(siteClassId: string, state: LastingNetwork): NetworkEvent[] {
  const siteClass = state.siteClasses.get(siteClassId);
  if (!siteClass) throw new Rejection('site-class.unknown', { siteClassId });
  for (const invitation of state.invitations.values()) {
    if (invitation.siteClasses.includes(siteClass.name)) {
      throw new Rejection('site-class.in-use', { invitation: invitation.name });
    }
  }
  return [SiteClassRemoved({ networkId: state.networkId, siteClassId })];
}

export function listInvitation(terms: InvitationTerms, now: Date, state: LastingNetwork): NetworkEvent[] {
  if (state.invitations.has(terms.invitationId)) return [];
  requireGoingOn(state, now);
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
