import { assertNever } from '@caravan/event-store';
import type { Item } from '@caravan/data-plane';
import type { Model } from '../model/model.js';
import { compileBackboneSite } from './backbone-site.js';
import { compileManagementSite } from './management-site.js';
import { compileMemberSite } from './member-site.js';

/** All items of a site, each with its own key. None for a site that is gone or was never there. */
export function compile(model: Model, siteId: string): Item[] {
  const site = model.sites.get(siteId);
  if (!site) return [];
  switch (site.kind) {
    case 'backbone':
      return compileBackboneSite(model, site);
    case 'member':
      return compileMemberSite(model, site);
    case 'management':
      return compileManagementSite(model, site);
    case 'removed':
      return [];
    default:
      return assertNever(site);
  }
}
