import type { Invocation } from '../command.js';
import { idOf } from '../kinds/kind.js';
import type { Kind } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { nameLine } from '../output/print-items.js';
import { isRevocable, revokeForGood } from '../revocations/revoke-for-good.js';
import { findOne } from './find-one.js';
import { callRoute } from './listing.js';
import type { Item } from '../kinds/kind.js';
import { parentFlags, requiredRef, verbCommand } from './verb.js';

const revokeKind = (kind: Kind) => async (invocation: Invocation) => {
  const { output, terminal, options } = invocation;
  const ref = requiredRef(invocation, kind, 'revoke');
  const api = await invocation.connect();
  const { item, params } = await findOne(api, kind, ref, options);
  const request = { params: { ...params, [kind.idField]: idOf(item) }, idempotencyKey: terminal.newId() };
  const revoked = (await callRoute(api, kind.routes.revoke!, request)) as Item;
  const line = nameLine(kind, revoked, (_kind, id) => String(id));
  terminal.out(machineText(output, revoked) ?? (output === 'name' ? line : `${line.trimEnd()} revoked\n`));
};

export const revokeCommand = verbCommand({
  name: 'revoke',
  about: 'Take back for good what was given out: an invitation, a certificate, or whoever holds one',
  examples: [
    'caravan revoke invitation store --network retail',
    'caravan revoke member store-1 --network retail --reason key-compromise',
  ],
  takes: (kind) => kind.routes.revoke !== undefined || isRevocable(kind),
  commandFor: (kind) =>
    isRevocable(kind)
      ? revokeForGood(kind)
      : {
          args: [{ syntax: '[ref]', about: 'name or id' }],
          flags: parentFlags(kind),
          examples: [kind.examples.get.replace(`get ${kind.plural}`, `revoke ${kind.name} store`)],
          run: revokeKind(kind),
        },
});
