import { textOption } from '../options.js';
import type { Options } from '../options.js';
import type { Api } from '../connection/connection.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind } from '../kinds/kind.js';
import { callRoute } from './listing.js';
import type { Params } from './listing.js';
import { candidatesOf, choose, resolve, UUID } from './resolve.js';
import type { Candidate } from './resolve.js';
import { scopeOf, scopesOf } from './scope.js';

export interface FoundOne {
  readonly item: Item;
  readonly params: Params;
}

/** One item by name or id, within the parents that options name or that are the only ones. */
export const findOne = async (api: Api, kind: Kind, ref: string, options: Options): Promise<FoundOne> => {
  if (kind.foundAs) return findAsAnother(api, kind, ref, options);
  const params = await scopeOf(api, kind, options);
  const item = await resolve(api, kind, ref, params);
  return { item, params: { ...params, [kind.idField]: idOf(item) } };
};

/** What has no list: found by an id, or by the name of a site wherever options let it be. */
const findAsAnother = async (api: Api, kind: Kind, ref: string, options: Options): Promise<FoundOne> => {
  const get = kind.routes.get!;
  if (UUID.test(ref)) {
    const params = { [kind.idField]: ref };
    return { item: (await callRoute(api, get, { params })) as Item, params };
  }
  const candidates: (Candidate & { readonly scope: Params })[] = [];
  for (const other of (kind.foundAs ?? []).map(kindOf)) {
    const others = (kind.foundAs ?? []).filter((name) => name !== other.name).flatMap((name) => kindOf(name).parents);
    if (others.some((name) => textOption(options, kindOf(name).flag) !== undefined)) continue;
    for (const scope of await scopesOf(api, other, options, true)) {
      const here = await candidatesOf(api, other, scope);
      candidates.push(...here.map((candidate) => ({ ...candidate, scope })));
    }
  }
  const site = choose({ name: 'site', plural: 'sites' }, ref, candidates);
  const scope = candidates.find(({ item }) => item === site)?.scope ?? {};
  const params = { ...scope, [kind.idField]: idOf(site) };
  return { item: (await callRoute(api, get, { params })) as Item, params };
};
