import { textOption } from '../options.js';
import type { Options } from '../options.js';
import type { Api } from '../connection/connection.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind } from '../kinds/kind.js';
import { listAll } from './listing.js';
import type { Params } from './listing.js';
import { onlyOne, resolve } from './resolve.js';

/**
 * The parents that a kind's paths need, outermost first: what an option names, else the only one there is. With `all`, every
 * combination where no option says one.
 */
export const scopesOf = async (api: Api, kind: Kind, options: Options, all = false): Promise<Params[]> => {
  let scopes: Params[] = [{}];
  for (const name of kind.parents) {
    const parent = kindOf(name);
    const inner = await Promise.all(
      scopes.map(async (params) => {
        const items = await parentsIn(api, parent, params, textOption(options, parent.flag), all);
        return items.map((item) => ({ ...params, [parent.idField]: idOf(item) }));
      }),
    );
    scopes = inner.flat();
  }
  return scopes;
};

const parentsIn = async (
  api: Api,
  parent: Kind,
  params: Params,
  ref: string | undefined,
  all: boolean,
): Promise<readonly Item[]> => {
  if (ref !== undefined) return [await resolve(api, parent, ref, params)];
  if (all && parent.routes.list) return (await listAll(api, parent.routes.list, params)).items;
  return [await onlyOne(api, parent, params)];
};

export const scopeOf = async (api: Api, kind: Kind, options: Options): Promise<Params> =>
  (await scopesOf(api, kind, options))[0] ?? {};
