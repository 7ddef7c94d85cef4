import type { Api } from '../connection/connection.js';
import { CliError, usageError } from '../failures/cli-error.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind } from '../kinds/kind.js';
import { nearest } from '../kinds/nearest.js';
import { callRoute, listAll } from './listing.js';
import type { Params, Query } from './listing.js';
import { NameBook } from './names.js';

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** One candidate for a name: everything it may be called. */
export interface Candidate {
  readonly item: Item;
  readonly labels: readonly string[];
}

/** Which candidate a name means; `lister`: the command that shows all. Throws `<kind>.unknown`, with the nearest name, or `cli.ambiguous`, with all that it could be. */
export const choose = (
  kind: { readonly name: string; readonly plural: string; readonly meant?: Kind['meant'] },
  name: string,
  candidates: readonly Candidate[],
  lister = `caravan get ${kind.plural}`,
): Item => {
  const matches = candidates.filter(({ item, labels }) => idOf(item) === name || labels.includes(name));
  const [match, ...others] = matches;
  if (match === undefined) {
    const meant = nearest(
      name,
      candidates.flatMap(({ labels }) => labels),
    );
    throw new CliError(`${kind.name}.unknown`, `There is no ${kind.name} "${name}".`, {
      remedy: [...(meant === undefined ? [] : [`"${meant}"`]), lister],
    });
  }
  if (others.length > 0) {
    const meant = kind.meant?.(matches.map(({ item }) => item));
    if (meant) return meant;
    const choices = matches.map(({ item, labels }) => `${labels[0] ?? ''} (${idOf(item)})`);
    throw usageError('cli.ambiguous', `"${name}" can be ${matches.length} ${kind.plural}.`, choices);
  }
  return match.item;
};

export const candidatesOf = async (api: Api, kind: Kind, params: Params, query: Query = {}): Promise<Candidate[]> => {
  const { list } = kind.routes;
  if (list === undefined) return [];
  const book = new NameBook(api);
  const { items } = await listAll(api, list, params, query);
  await book.learn(
    kind,
    (kind.labelFields ?? []).filter((field) => items.some((item) => typeof item[field] === 'string')),
    params,
  );
  return items.map((item) => ({ item, labels: kind.labels(item, book.of) }));
};

/** The item that a name or id means within `params`; `query` narrows what it may be. */
export const resolve = async (api: Api, kind: Kind, ref: string, params: Params, query: Query = {}): Promise<Item> => {
  if (UUID.test(ref) && kind.routes.get !== undefined) {
    return (await callRoute(api, kind.routes.get, { params: { ...params, [kind.idField]: ref } })) as Item;
  }
  return choose(kind, ref, await candidatesOf(api, kind, params, query));
};

/** The only one there is. Throws `cli.none-yet`, or `cli.ambiguous` with the options that choose. */
export const onlyOne = async (
  api: Api,
  kind: Kind,
  params: Params,
  { flag = kind.flag, query = {} }: { flag?: string; query?: Query } = {},
): Promise<Item> => {
  const [only, ...others] = await candidatesOf(api, kind, params, query);
  if (only === undefined) {
    const how = kind.examples.create ?? kind.madeBy;
    const narrowed = Object.values(query).join(' ');
    throw new CliError('cli.none-yet', `There is no ${narrowed === '' ? '' : `${narrowed} `}${kind.name} yet.`, {
      ...(how !== undefined && { remedy: how }),
    });
  }
  if (others.length > 0) {
    const choices = [only, ...others].map(({ item, labels }) => `--${flag} ${labels[0] ?? idOf(item)}`);
    throw usageError('cli.ambiguous', `Which ${kind.name} is meant? There are ${choices.length}.`, choices);
  }
  return only.item;
};
