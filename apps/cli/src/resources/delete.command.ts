import type { Invocation } from '../command.js';
import { idOf } from '../kinds/kind.js';
import type { Kind } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { nameLine } from '../output/print-items.js';
import { findOne } from './find-one.js';
import { callRoute } from './listing.js';
import { NameBook } from './names.js';
import { parentFlags, requiredRef, verbCommand } from './verb.js';

const deleteKind = (kind: Kind) => async (invocation: Invocation) => {
  const { output, terminal, options } = invocation;
  const ref = requiredRef(invocation, kind, 'delete');
  const api = await invocation.connect();
  const { item, params } = await findOne(api, kind, ref, options);
  const book = new NameBook(api);
  await book.learn(kind, Object.keys(item), params);
  const line = nameLine(kind, item, book.of);

  const route = kind.routes.delete!;
  await callRoute(api, route, { params: { ...params, [kind.idField]: idOf(item) }, idempotencyKey: terminal.newId() });
  terminal.out(machineText(output, item) ?? (output === 'name' ? line : `${line.trimEnd()} deleted\n`));
};

export const deleteCommand = verbCommand({
  name: 'delete',
  about: 'Delete one of a kind that nothing depends on',
  examples: ['caravan delete invitation store --network retail', 'caravan delete link west/east --backbone demo'],
  takes: ({ routes }) => routes.delete !== undefined,
  commandFor: (kind) => ({
    args: [{ syntax: '[ref]', about: 'name or id' }],
    flags: parentFlags(kind),
    examples: [kind.examples.delete ?? `caravan delete ${kind.name} <name>`],
    run: deleteKind(kind),
  }),
});
