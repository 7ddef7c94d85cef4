import { ApiError } from '@caravan/api';
import type { Route } from '@caravan/api';
import type { Flag, Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import { usageError } from '../failures/cli-error.js';
import { Reworded } from '../failures/reworded.js';
import type { Item, Kind } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { nameLine } from '../output/print-items.js';
import { flagOf, nested, readFields } from './fields.js';
import { callRoute } from './listing.js';
import type { Params } from './listing.js';
import { NameBook } from './names.js';
import { scopeOf } from './scope.js';
import { parentFlags, verbCommand } from './verb.js';

/** What a body lacks or has wrong, in the words of the API's schema and the options that fill it. */
export const checkBody = (
  kind: Kind,
  route: Route,
  body: Record<string, unknown>,
  command = `caravan create ${kind.name}`,
): void => {
  const result = route.body?.safeParse(body);
  if (result === undefined || result.success) return;
  const said = result.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '');
    const argument = kind.argument?.field === name ? `<${kind.argument.value}>` : undefined;
    const flag = kind.fields?.find((each) => each.field === name)?.flag;
    const where = argument ?? (flag === undefined ? name : `--${flag}`);
    return name in body ? `${where} ${message.charAt(0).toLowerCase()}${message.slice(1)}` : `${where} is missing`;
  });
  throw usageError('cli.bad-value', `${said.join('; ')}.`, `${command} --help`);
};

/** The lists are only behind the log when something was written: whoever creates it once more finds its name taken. */
const notShown = (error: unknown, kind: Kind): unknown => {
  if (!(error instanceof ApiError) || error.problem.code !== 'projection.behind') return error;
  return new Reworded(error, {
    before: `The ${kind.name} was created, and the lists do not show it yet`,
    remedies: [
      'caravan status says why the lists are behind',
      `caravan get ${kind.plural}, once they are well: it is there, and is not to be created again`,
    ],
  });
};

/** Creates one of a kind from options, once however often the request has to be sent. */
export const createItem = async (
  api: Api,
  kind: Kind,
  name: string | undefined,
  { options, terminal, scope }: Pick<Invocation, 'options' | 'terminal'> & { scope: Params },
): Promise<Item> => {
  const route = kind.routes.create!;
  const now = terminal.now();
  const values = await readFields(kind.fields ?? [], options, { api, params: scope, now });
  if (kind.argument && name !== undefined) values[kind.argument.field] = name;

  const params: Record<string, string> = { ...scope };
  const body = nested(values);
  for (const field of route.params.filter((each) => each in body)) {
    params[field] = body[field] as string;
    delete body[field];
  }
  checkBody(kind, route, body);
  const request = { params, body, idempotencyKey: terminal.newId() };
  return (await callRoute(api, route, request).catch((error: unknown) => {
    throw notShown(error, kind);
  })) as Item;
};

const createKind = (kind: Kind) => async (invocation: Invocation) => {
  const { args, options, output, terminal } = invocation;
  const api = await invocation.connect();
  const scope = await scopeOf(api, kind, options);
  const item = await createItem(api, kind, args[0], { options, terminal, scope });
  const machine = machineText(output, item);
  if (machine !== undefined) return terminal.out(machine);

  const book = new NameBook(api);
  await book.learn(kind, Object.keys(item), scope);
  const line = nameLine(kind, item, book.of);
  terminal.out(output === 'name' ? line : `${line.trimEnd()} created\n`);
};

const flagsOf = (kind: Kind): readonly Flag[] => [...parentFlags(kind), ...(kind.fields ?? []).map(flagOf)];

export const createCommand = verbCommand({
  name: 'create',
  about: 'Create one of a kind',
  examples: [
    'caravan create backbone demo',
    'caravan create network retail --backbone demo --ends 2027-01-31T18:00Z',
    'caravan create connector inventory --member hq --port 9000',
  ],
  takes: ({ routes }) => routes.create !== undefined,
  commandFor: (kind) => ({
    args: kind.argument ? [{ syntax: `<${kind.argument.value}>`, about: kind.argument.about }] : [],
    flags: flagsOf(kind),
    examples: [kind.examples.create ?? `caravan create ${kind.name}`],
    run: createKind(kind),
  }),
});
