import {
  AccessPointRemoved,
  BackboneSiteAdded,
  BackboneSiteRemoved,
  BackboneSiteRenamed,
  LinkRemoved,
} from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { AddSite, ExpelSite, RemoveSite, RenameSite } from './backbone-commands.js';
import type { ActiveBackbone } from './backbone-state.js';

export function addSite({ siteId, name }: AddSite, state: ActiveBackbone): BackboneEvent[] {
  if (state.sites.has(siteId)) return [];
  requireFreeName(name, state);
  return [BackboneSiteAdded({ backboneId: state.backboneId, siteId, name })];
}

export function renameSite({ siteId, name }: RenameSite, state: ActiveBackbone): BackboneEvent[] {
  const site = requireSite(siteId, state);
  if (site.name === name) return [];
  requireFreeName(name, state);
  return [BackboneSiteRenamed({ backboneId: state.backboneId, siteId, name })];
}

export function removeSite({ siteId }: RemoveSite, state: ActiveBackbone): BackboneEvent[] {
  requireSite(siteId, state);
  if (countOf(state.links, (link) => link.siteId === siteId || link.acceptingSiteId === siteId) > 0) {
    throw new Rejection('backbone-site.has-links', { siteId });
  }
  if (countOf(state.accessPoints, (accessPoint) => accessPoint.siteId === siteId) > 0) {
    throw new Rejection('backbone-site.has-access-points', { siteId });
  }
  return [BackboneSiteRemoved({ backboneId: state.backboneId, siteId })];
}

/** As many events as a commit holds. */
const MOST_IN_A_COMMIT = 100;

/** Links go before what they lead to, and the site last: whatever is left is taken away the next time. */
export function expelSite({ siteId }: ExpelSite, state: ActiveBackbone): BackboneEvent[] {
  if (!state.sites.has(siteId)) return [];
  const { backboneId } = state;
  const links = [...state.links].filter(([, link]) => link.siteId === siteId || link.acceptingSiteId === siteId);
  const accessPoints = [...state.accessPoints].filter(([, accessPoint]) => accessPoint.siteId === siteId);
  return [
    ...links.map(([linkId]) => LinkRemoved({ backboneId, linkId })),
    ...accessPoints.map(([accessPointId]) => AccessPointRemoved({ backboneId, siteId, accessPointId })),
    BackboneSiteRemoved({ backboneId, siteId }),
  ].slice(0, MOST_IN_A_COMMIT);
}

export function requireSite(siteId: string, state: ActiveBackbone) {
  const site = state.sites.get(siteId);
  if (!site) throw new Rejection('backbone-site.unknown', { siteId });
  return site;
}

function requireFreeName(name: string, state: ActiveBackbone): void {
  if (countOf(state.sites, (site) => site.name === name) > 0) throw new Rejection('backbone-site.name-taken', { name });
}

const countOf = <Value>(values: ReadonlyMap<string, Value>, matches: (value: Value) => boolean): number =>
  [...values.values()].filter(matches).length;
