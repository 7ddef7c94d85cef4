import { listBackbones, listBackboneSites, listMembers, listNetworks } from '@caravan/api';
import type { ApiClient } from '@caravan/api';
import { STORY } from './plan.js';

/** The sites of the backbone and the members of the network that there are, by id. */
export async function whoIsLeft(api: ApiClient): Promise<ReadonlySet<string>> {
  const named = <Of extends { readonly name: string }>({ items }: { readonly items: readonly Of[] }, name: string) =>
    items.find((item) => item.name === name);
  const backbone = named(await api.call(listBackbones, {}), STORY.backbone);
  const network = named(await api.call(listNetworks, {}), STORY.network);
  const sites = backbone && (await api.call(listBackboneSites, { params: { backboneId: backbone.id } }));
  const members = network && (await api.call(listMembers, { params: { networkId: network.id } }));
  return new Set([...(sites?.items ?? []), ...(members?.items ?? [])].map(({ id }) => id));
}
