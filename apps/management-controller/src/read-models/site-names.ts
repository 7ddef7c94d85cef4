import { In } from 'typeorm';
import type { Directory } from '../directory/directory.js';
import type { ReadModels } from './read-models.js';

export interface Naming {
  readonly models: Pick<ReadModels, 'backboneSites' | 'members'>;
  readonly directory: Pick<Directory, 'managementSites'>;
}

/** These with what the sites are called, whatever kind of site they are; null: they are gone. */
export async function withNames<Of extends { readonly siteId: string }>(
  sites: readonly Of[],
  { models: { backboneSites, members }, directory }: Naming,
): Promise<(Of & { readonly name: string | null })[]> {
  if (sites.length === 0) return [];
  const id = In(sites.map(({ siteId }) => siteId));
  const found = await Promise.all([backboneSites.all({ id }), members.all({ id })]);
  const names = new Map(found.flat().map((row) => [row.id, row.name]));
  return sites.map((site) => {
    const name = names.get(site.siteId) ?? directory.managementSites.peek(site.siteId) ?? null;
    return { ...site, name };
  });
}
