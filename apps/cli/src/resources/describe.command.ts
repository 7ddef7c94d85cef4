import { ApiError, getSiteState } from '@caravan/api';
import type { Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import { convergence, remarks, shortcomings } from '../kinds/convergence.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind } from '../kinds/kind.js';
import { descriptionText, section } from '../output/description.js';
import { machineText } from '../output/format.js';
import { columnsOf, itemsTable, nameLine } from '../output/print-items.js';
import { findOne } from './find-one.js';
import type { FoundOne } from './find-one.js';
import { callRoute, listAll } from './listing.js';
import type { Params } from './listing.js';
import { NameBook } from './names.js';
import { UUID } from './resolve.js';
import { parentFlags, requiredRef, verbCommand } from './verb.js';

const SHOWN_CHILDREN = 20;

/** What lies beneath an item, a table for each kind of it. */
const childrenText = async (api: Api, kind: Kind, item: Item, params: Params, book: NameBook): Promise<string> => {
  const sections: string[] = [];
  for (const { kind: name, by } of kind.children ?? []) {
    const child = kindOf(name);
    const query: Record<string, string> = by === undefined ? {} : { [by]: idOf(item) };
    const { items, next } = await listAll(api, child.routes.list!, params, query, SHOWN_CHILDREN);
    const columns = columnsOf(child, false).filter(({ field }) => field !== by);
    if (items.length > 0)
      await book.learn(
        child,
        columns.map(({ field }) => field),
        params,
      );
    const more = next === null ? '' : `… and more: caravan get ${child.plural}\n`;
    const title = child.plural.charAt(0).toUpperCase() + child.plural.slice(1).replace('-', ' ');
    sections.push(section(title, items.length === 0 ? '' : itemsTable(child, items, columns, book.of) + more));
  }
  return sections.join('');
};

/** What a site says of itself; nothing where the installation does not know it. */
const reportedText = async (api: Api, siteId: string): Promise<string> => {
  try {
    const state = await api.call(getSiteState, { params: { siteId } });
    return stateText(state);
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) return '';
    throw error;
  }
};

const stateText = (state: Item): string =>
  section('State', [convergence(state), ...shortcomings(state), ...remarks(state)].map((line) => `${line}\n`).join(''));

/** A list may say less of each than there is to say of one. */
const whole = async (api: Api, kind: Kind, ref: string, { item, params }: FoundOne): Promise<FoundOne> => {
  if (UUID.test(ref) || kind.foundAs || kind.routes.get === undefined) return { item, params };
  return { item: (await callRoute(api, kind.routes.get, { params })) as Item, params };
};

const describeKind = (kind: Kind) => async (invocation: Invocation) => {
  const { output, terminal, options } = invocation;
  const ref = requiredRef(invocation, kind, 'describe');
  const api = await invocation.connect();
  const { item, params } = await whole(api, kind, ref, await findOne(api, kind, ref, options));
  const machine = machineText(output, item);
  if (machine !== undefined) return terminal.out(machine);

  const book = new NameBook(api);
  await book.learn(kind, Object.keys(item), params);
  if (output === 'name') return terminal.out(nameLine(kind, item, book.of));
  const isState = kind.foundAs !== undefined;
  const parts = [descriptionText(kind, item, book.of, isState ? ['desired', 'observed'] : [])];
  if (isState) parts.push(stateText(item));
  if (kind.isSite) parts.push(await reportedText(api, idOf(item)));
  parts.push(await childrenText(api, kind, item, params, book));
  terminal.out(parts.join(''));
};

const exampleOf = ({ name, examples: { get, delete: remove } }: Kind): string => {
  if (remove !== undefined) return remove.replace('caravan delete', 'caravan describe');
  return get.startsWith(`caravan get ${name} `) ? get.replace('get', 'describe') : `caravan describe ${name} root`;
};

export const describeCommand = verbCommand({
  name: 'describe',
  about: 'Show everything about one, in words',
  examples: ['caravan describe network retail', 'caravan describe backbone-site east --backbone demo'],
  takes: ({ routes }) => routes.list !== undefined || routes.get !== undefined,
  commandFor: (kind) => ({
    args: [{ syntax: '[ref]', about: 'name or id' }],
    flags: parentFlags(kind),
    examples: [exampleOf(kind)],
    run: describeKind(kind),
  }),
});
