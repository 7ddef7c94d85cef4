import type { LocalState } from '@caravan/api';
import type { Options } from '../options.js';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import type { Item } from '../kinds/kind.js';
import { cellText } from '../output/table.js';
import type { EndpointKind } from './endpoint-place.js';
import { placeFlags } from './place-flags.js';

const undo: Readonly<Record<EndpointKind, string>> = { connector: 'unexpose', listener: 'unconsume' };
const again: Readonly<Record<EndpointKind, (address: string) => string>> = {
  connector: (address) => `expose ${address} <another target>`,
  listener: (address) => `consume ${address} --port <another port>`,
};

const whatOf = (kind: EndpointKind, { address, host, port }: Item): string =>
  `The ${kind} for ${cellText(address)} at ${cellText(host)}:${cellText(port)}`;
const undoOf = (kind: EndpointKind, { address, port }: Item, flags: string): string =>
  `caravan ${undo[kind]} ${cellText(address)}:${cellText(port)}${flags}`;

/** Why an endpoint that was decided does not work at its site (`listener.failed`, `connector.refused`, …); undefined if it may. */
export const endpointFailure = (kind: EndpointKind, item: Item, options: Options): CliError | undefined => {
  const { state, detail } = item;
  if (state !== 'failed' && state !== 'refused') return undefined;
  const how = state === 'failed' ? 'failed' : 'was refused';
  const why = detail ? `: ${cellText(detail)}` : '; its site does not say why';
  const flags = placeFlags(options);
  const what = `${whatOf(kind, item)} ${how}${why} (it stays decided until it is taken back)`;
  return new CliError(`${kind}.${state}`, what, {
    remedy: [undoOf(kind, item, flags), `caravan ${again[kind](cellText(item['address']))}${flags}`],
  });
};

/** That the site has neither done what was decided nor said why not: what it says of itself is the reason (`listener.not-done`, …). */
export const notDone = (
  kind: EndpointKind,
  item: Item,
  { dir, troubles }: { readonly dir: string; readonly troubles: LocalState['troubles'] },
): CliError => {
  const reasons = troubles.map(({ code, detail }) => `${detail} [${code}]`);
  const why = reasons.length === 0 && item['detail'] ? [cellText(item['detail'])] : reasons;
  const what = `${whatOf(kind, item)} was decided; the site in ${dir} has not done it yet`;
  return new CliError(`${kind}.not-done`, `${what}${why.length > 0 ? `: ${why.join('; ')}` : '.'}`, {
    exit: EXIT.degraded,
    remedy: [
      `caravan site ${kind}s --dir ${dir} shows when it is done; nothing needs to be sent again`,
      `caravan site status --dir ${dir}`,
      `${undoOf(kind, item, ` --dir ${dir}`)} takes it back`,
    ],
  });
};
