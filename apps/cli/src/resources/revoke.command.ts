import type { Invocation } from '../command.js';
import { idOf } from '../kinds/kind.js';
import type { Kind } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { nameLine } from '../output/print-items.js';
import { revokeForGood, takes } from '../revocations/revoke-for-good.js';
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
  about: 'Take back for good what was given out: an invitation, a certificate, the place of a backbone site',
  examples: [
    'caravan revoke invitation store --network retail',
    'caravan revoke certificate 4a1f --reason key-compromise',
  ],
  takes: (kind) => kind.routes.revoke !== undefined || takes('revoke', kind),
  commandFor: (kind) =>
    takes('revoke', kind)
      ? revokeForGood('revoke', kind)
      : {
          args: [{ syntax: '[ref]', about: 'name or id' }],
          flags: parentFlags(kind),
          examples: [kind.examples.get.replace(`get ${kind.plural}`, `revoke ${kind.name} store`)],
          run: revokeKind(kind),
        },
});

export const evictCommand = verbCommand({
  name: 'evict',
  about: 'Show a member or a whole network out, for good: trust, links, credentials and names end with it',
  examples: [
    'caravan evict member store-1 --network retail --reason key-compromise',
    'caravan evict network retail --dry-run',
  ],
  takes: (kind) => takes('evict', kind),
  commandFor: (kind) => revokeForGood('evict', kind),
});
