import { optionName, switchOption, textOption } from '../options.js';
import type { Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import type { Api } from '../connection/connection.js';
import type { Item, Kind } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { columnsOf, itemsTable, nameLine } from '../output/print-items.js';
import { flagOf, readFilters } from './fields.js';
import { findOne } from './find-one.js';
import { listAll } from './listing.js';
import type { Params } from './listing.js';
import { NameBook } from './names.js';
import { scopesOf } from './scope.js';
import { parentFlags, verbCommand } from './verb.js';

interface Found {
  readonly items: readonly Item[];
  readonly scopes: readonly Params[];
  /** What `-o json` prints: the API's own shape. */
  readonly document: unknown;
}

const readLimit = (text: string | undefined): number => {
  if (text === undefined) return Infinity;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw usageError('cli.bad-number', `--limit ${text} is not a count.`);
  return Number(text);
};

const findMany = async (api: Api, kind: Kind, invocation: Invocation): Promise<Found> => {
  const { options, terminal } = invocation;
  const { list } = kind.routes;
  if (list === undefined) {
    throw usageError('cli.missing-argument', `Which site?`, `caravan get ${kind.name} <name|id>`);
  }
  const scopes = await scopesOf(api, kind, options, switchOption(options, 'all'));
  const limit = readLimit(textOption(options, 'limit'));
  const items: Item[] = [];
  let next: string | null = null;
  for (const params of scopes) {
    const query = await readFilters(kind.filters ?? [], options, { api, params, now: terminal.now() });
    if (items.length < limit) {
      const page = await listAll(api, list, params, query, limit - items.length);
      items.push(...page.items);
      next = page.next;
    }
  }
  return { items, scopes, document: { items, next } };
};

/** Prints items in the format that was asked for. A table says so when it is empty, on stderr: a script sees nothing. */
const print = async (api: Api, kind: Kind, { items, scopes, document }: Found, invocation: Invocation) => {
  const { output, terminal, options } = invocation;
  const machine = machineText(output, document);
  if (machine !== undefined) return terminal.out(machine);

  const book = new NameBook(api);
  const columns = columnsOf(kind, output === 'wide', switchOption(options, 'all'));
  const fields = [...columns.map(({ field }) => field), ...(output === 'name' ? Object.keys(items[0] ?? {}) : [])];
  if (items.length > 0) for (const params of scopes.length > 0 ? scopes : [{}]) await book.learn(kind, fields, params);
  if (output === 'name') return items.forEach((item) => terminal.out(nameLine(kind, item, book.of)));
  if (items.length === 0) return terminal.err(`There are no ${kind.plural}.\n`);
  terminal.out(itemsTable(kind, items, columns, book.of));
};

const getKind = (kind: Kind) => async (invocation: Invocation) => {
  const api = await invocation.connect();
  const [ref] = invocation.args;
  if (ref === undefined) return print(api, kind, await findMany(api, kind, invocation), invocation);
  const { item, params } = await findOne(api, kind, ref, invocation.options);
  return print(api, kind, { items: [item], scopes: [params], document: item }, invocation);
};

const isParentFlag = (kind: Kind, syntax: string): boolean =>
  parentFlags(kind).some((flag) => optionName(flag.syntax) === optionName(syntax));

const allFlag = { syntax: '-A, --all', about: 'those of every parent, where no option names one' };
const limitFlag = { syntax: '--limit <n>', about: 'at most so many' };

export const getCommand = verbCommand({
  name: 'get',
  about: 'Show one or many of a kind',
  examples: [
    'caravan get networks',
    'caravan get members --network retail -o wide',
    'caravan get invitation store --network retail -o json',
    'caravan get listeners --all',
  ],
  takes: ({ routes }) => routes.list !== undefined || routes.get !== undefined,
  commandFor: (kind) => ({
    args: [{ syntax: '[ref]', about: 'name or id; all of them without' }],
    flags: [
      ...parentFlags(kind),
      ...(kind.filters ?? []).map(flagOf).filter(({ syntax }) => !isParentFlag(kind, syntax)),
      ...(kind.parents.length > 0 ? [allFlag] : []),
      ...(kind.routes.list ? [limitFlag] : []),
    ],
    examples: [kind.examples.get],
    run: getKind(kind),
  }),
});
