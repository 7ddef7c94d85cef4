import type { Route } from '@caravan/api';
import type { Api } from '../connection/connection.js';
import type { Item } from '../kinds/kind.js';

export type Params = Readonly<Record<string, string>>;
export type Query = Readonly<Record<string, string | number>>;

interface Page {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const PAGE = 500;

/** The pages of a list put together, `limit` items at most. `next` is null when nothing was left out. */
export const listAll = async (
  api: Api,
  route: Route,
  params: Params,
  query: Query = {},
  limit = Infinity,
): Promise<Page> => {
  const items: Item[] = [];
  let next: string | null = null;
  do {
    const wanted = Math.min(PAGE, limit - items.length);
    const cursor: Query = next === null ? {} : { cursor: next };
    const page = (await callRoute(api, route, { params, query: { ...query, ...cursor, limit: wanted } })) as Page;
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < limit);
  return { items, next };
};

interface Request {
  readonly params: Params;
  readonly body?: unknown;
  readonly query?: Query;
  readonly idempotencyKey?: string;
}

/** A route of the table of kinds, whose types are not known here; the client checks the answer against its schema. */
export const callRoute = (api: Api, route: Route, { params, ...rest }: Request): Promise<unknown> =>
  api.call(route, { params: only(route, params), body: undefined, ...rest });

const only = (route: Route, params: Params): Record<string, string> =>
  Object.fromEntries(route.params.map((name) => [name, params[name] ?? '']));
