import { listAuthorities } from '@caravan/api';
import type { Authority } from '@caravan/api';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { idOf } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { textOption } from '../options.js';
import { machineText } from '../output/format.js';
import { findOne } from '../resources/find-one.js';
import { listAll } from '../resources/listing.js';
import { NameBook } from '../resources/names.js';

const flags: readonly Flag[] = [
  { syntax: '--network <network>', about: 'the authorities of one network' },
  { syntax: '--backbone <backbone>', about: 'those of one backbone and of the networks on it' },
];

const DAY_MS = 86_400_000;

/** `member retail 2, in use, 412 days: 3 member` */
function lineOf(
  { kind, networkId, backboneId, ...authority }: Authority,
  name: (id: string) => string,
  now: Date,
): string {
  const owner = networkId ?? backboneId;
  const days = Math.floor((Date.parse(authority.notAfter) - now.getTime()) / DAY_MS);
  const issuer =
    authority.signedBy === 'internal' || authority.signedBy === 'itself' ? [] : [`signed by ${authority.signedBy}`];
  const about = [authority.phase, `${days} days`, ...issuer].join(', ');
  const holds = authority.holds.map(({ holderKind, certificates }) => `${certificates} ${holderKind}`).join(', ');
  const what = [kind, ...(owner === null ? [] : [name(owner)]), authority.ordinal].join(' ');
  return `${what} (${about})${holds === '' ? '' : `: ${holds}`}`;
}

/** Each below the one that signed it; what is signed by none of them is a beginning. */
export function treeText(authorities: readonly Authority[], name: (id: string) => string, now: Date): string {
  const ids = new Set(authorities.map(({ id }) => id));
  const below = (parent: Authority | undefined): Authority[] =>
    authorities.filter(({ issuerId }) => (parent ? issuerId === parent.id : issuerId === null || !ids.has(issuerId)));
  const lines = (parent: Authority | undefined, indent: string): string[] =>
    below(parent).flatMap((each, index, all) => {
      const isLast = index === all.length - 1;
      const [branch, trunk] = parent ? (isLast ? ['└─ ', '   '] : ['├─ ', '│  ']) : ['', ''];
      return [`${indent}${branch}${lineOf(each, name, now)}`, ...lines(each, indent + trunk)];
    });
  return lines(undefined, '')
    .map((line) => `${line}\n`)
    .join('');
}

async function run({ options, output, terminal, connect }: Invocation): Promise<void> {
  const api = await connect();
  const query: Record<string, string> = {};
  for (const name of ['network', 'backbone'] as const) {
    const ref = textOption(options, name);
    if (ref === undefined) continue;
    const kind = kindOf(name);
    query[kind.idField] = idOf((await findOne(api, kind, ref, {})).item);
  }
  const { items } = await listAll(api, listAuthorities, {}, query);
  const authorities = items as unknown as readonly Authority[];
  const machine = machineText(output, { items: authorities });
  if (machine !== undefined) return terminal.out(machine);
  const book = new NameBook(api);
  await book.learn(kindOf('rotation'), ['networkId', 'backboneId'], {});
  terminal.out(treeText(authorities, (id) => book.of('network', id), new Date()));
}

export const treeCommand: CommandSpec = {
  name: 'tree',
  about: 'The tree of authorities: who signed whom, until when, and how many certificates hang on each',
  flags,
  examples: ['caravan tree', 'caravan tree --network retail', 'caravan tree -o json'],
  run,
};
