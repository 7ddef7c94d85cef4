import type { Options } from '../options.js';
import { CliError } from '../failures/cli-error.js';
import type { Item } from '../kinds/kind.js';
import { cellText } from '../output/table.js';
import type { EndpointKind } from './endpoint-place.js';
import { placeFlags } from './place-flags.js';

const undo: Readonly<Record<EndpointKind, string>> = { connector: 'unexpose', listener: 'unconsume' };
const again: Readonly<Record<EndpointKind, (address: string) => string>> = {
  connector: (address) => `expose ${address} <another target>`,
  listener: (address) => `consume ${address} --port <another port>`,
};

/** Why an endpoint that was decided does not work at its site (`listener.failed`, `connector.refused`, …); undefined if it may. */
export const endpointFailure = (kind: EndpointKind, item: Item, options: Options): CliError | undefined => {
  const { state, detail } = item;
  if (state !== 'failed' && state !== 'refused') return undefined;
  const [address, host, port] = [cellText(item['address']), cellText(item['host']), cellText(item['port'])];
  const how = state === 'failed' ? 'failed' : 'was refused';
  const why = detail ? `: ${cellText(detail)}` : '; its site does not say why';
  const flags = placeFlags(options);
  const what = `The ${kind} for ${address} at ${host}:${port} ${how}${why}`;
  return new CliError(`${kind}.${state}`, `${what} (it stays decided until it is taken back)`, {
    remedy: [`caravan ${undo[kind]} ${address}:${port}${flags}`, `caravan ${again[kind](address)}${flags}`],
  });
};
