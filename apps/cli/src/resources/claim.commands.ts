import type { Invocation } from '../command.js';
import { idOf } from '../kinds/kind.js';
import type { Item, Kind } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { nameLine } from '../output/print-items.js';
import { findOne } from './find-one.js';
import { callRoute } from './listing.js';
import { parentFlags, requiredRef, verbCommand } from './verb.js';

const VERBS = {
  approve: { past: 'approved', about: 'Let a site in that waits for it' },
  decline: { past: 'declined', about: 'Let a site that waits for it not in, for good' },
} as const;

const decide = (verb: keyof typeof VERBS, kind: Kind) => async (invocation: Invocation) => {
  const { output, terminal, options } = invocation;
  const ref = requiredRef(invocation, kind, verb);
  const api = await invocation.connect();
  const { item, params } = await findOne(api, kind, ref, options);
  const request = { params: { ...params, [kind.idField]: idOf(item) }, idempotencyKey: terminal.newId() };
  const decided = (await callRoute(api, kind.routes[verb]!, request)) as Item;
  const line = nameLine(kind, decided, (_kind, id) => String(id));
  terminal.out(machineText(output, decided) ?? (output === 'name' ? line : `${line.trimEnd()} ${VERBS[verb].past}\n`));
};

const commandOf = (verb: keyof typeof VERBS) =>
  verbCommand({
    name: verb,
    about: VERBS[verb].about,
    examples: [`caravan ${verb} claim store-1 --network retail`],
    takes: ({ routes }) => routes[verb] !== undefined,
    commandFor: (kind) => ({
      args: [{ syntax: '[ref]', about: 'name or id' }],
      flags: parentFlags(kind),
      examples: [`caravan ${verb} ${kind.name} store-1 --network retail`],
      run: decide(verb, kind),
    }),
  });

export const approveCommand = commandOf('approve');
export const declineCommand = commandOf('decline');
