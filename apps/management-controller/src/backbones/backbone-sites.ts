import { BackboneSiteAdded, BackboneSiteRemoved, BackboneSiteRenamed } from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { AddSite, RemoveSite, RenameSite } from './backbone-commands.js';
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
