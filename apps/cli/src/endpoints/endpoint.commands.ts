import { textOption } from '../options.js';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { noticeFor } from '../connection/connection.js';
import { usageError } from '../failures/cli-error.js';
import { idOf } from '../kinds/kind.js';
import type { Item } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { cellText } from '../output/table.js';
import { endpointFailure, notDone } from './endpoint-failure.js';
import { endpointPlace } from './endpoint-place.js';
import type { EndpointBody, EndpointKind } from './endpoint-place.js';
import { isOpen, patienceAfter, settled } from './settled.js';
import { readTarget } from './target.js';
import { beginningFlags, beginningOf, endingFlags, endingOf } from './tls-flags.js';

const placeFlags: readonly Flag[] = [
  { syntax: '--dir <dir>', about: 'at the site that lives there (the current folder, if it is one)' },
  { syntax: '--network <network>', about: 'by the management plane: in which network' },
  { syntax: '--member <member>', about: 'by the management plane: at which member site' },
];
const addressArgument = { syntax: '<address>', about: 'the name under which the network knows it' };

const sentences: Readonly<Record<EndpointKind, (item: Item) => string>> = {
  connector: (item) => `${at(item)} answers for ${cellText(item['address'])}`,
  listener: (item) => `${at(item)} leads to ${cellText(item['address'])}`,
};
const at = (item: Item): string => `${cellText(item['host'])}:${cellText(item['port'])}`;

const open = async (kind: EndpointKind, body: EndpointBody, invocation: Invocation): Promise<void> => {
  const { options, output, terminal } = invocation;
  const place = await endpointPlace(invocation, kind);
  const askedAt = performance.now();
  const decided = await place.open(body);
  const patience = patienceAfter(performance.now() - askedAt);
  const item = await settled(place, decided, noticeFor(options, terminal), patience);
  const failure = endpointFailure(kind, item, options);
  if (failure) throw failure;
  const name = output === 'name' ? `${kind}/${idOf(item)}\n` : undefined;
  const machine = machineText(output, item) ?? name;
  if (machine !== undefined) terminal.out(machine);
  if (isOpen(item) && place.troubles) throw notDone(kind, item, await place.troubles());
  if (machine === undefined) terminal.out(`${sentences[kind](item)}, ${place.where}\n`);
};

const close = (kind: EndpointKind) => async (invocation: Invocation) => {
  const { args, output, terminal } = invocation;
  const place = await endpointPlace(invocation, kind);
  const item = await place.close(args[0] ?? '');
  const line = `${kind}/${cellText(item['address'])}:${cellText(item['port'])}`;
  terminal.out(machineText(output, item) ?? `${line}${output === 'name' ? '' : ` closed, ${place.where}`}\n`);
};

const expose = async (invocation: Invocation): Promise<void> => {
  const { args, options } = invocation;
  const [address = '', target = ''] = args;
  await open('connector', { address, ...readTarget(target), ...beginningOf(options) }, invocation);
};

const consume = async (invocation: Invocation): Promise<void> => {
  const { args, options } = invocation;
  const port = textOption(options, 'port');
  const host = textOption(options, 'host');
  if (port === undefined) throw usageError('cli.missing-argument', 'Which local port shall be opened?', '--port 8080');
  const target = readTarget(port);
  if (target.host !== undefined) throw usageError('cli.bad-target', `--port ${port} is not a port.`, '--host <host>');
  const at = { address: args[0] ?? '', ...(host !== undefined && { host }), ...target };
  await open('listener', { ...at, ...endingOf(options) }, invocation);
};

export const endpointCommands: readonly CommandSpec[] = [
  {
    name: 'expose',
    about: 'Let a server at a site answer for an address of the network',
    args: [addressArgument, { syntax: '<target>', about: 'the server: a port of that machine, or host:port' }],
    flags: [...placeFlags, ...beginningFlags],
    examples: [
      'caravan expose inventory 9000 --dir retail-hq',
      'caravan expose orders db.internal:5432 --network retail --member hq',
      'caravan expose shop web.internal:443 --tls-trust company',
    ],
    run: expose,
  },
  {
    name: 'consume',
    about: 'Open a local port at a site that leads to an address of the network',
    args: [addressArgument],
    flags: [
      { syntax: '--port <port>', about: 'the local port' },
      { syntax: '--host <host>', about: 'where it listens (127.0.0.1)' },
      ...placeFlags,
      ...endingFlags,
    ],
    examples: [
      'caravan consume inventory --port 8080 --dir retail-store',
      'caravan consume inventory --port 8080 --network retail --member store-1',
      'caravan consume shop --port 8443 --tls',
    ],
    run: consume,
  },
  {
    name: 'unexpose',
    about: 'Take back what expose did',
    args: [addressArgument],
    flags: placeFlags,
    examples: ['caravan unexpose inventory --dir retail-hq'],
    run: close('connector'),
  },
  {
    name: 'unconsume',
    about: 'Take back what consume did: the port is closed',
    args: [addressArgument],
    flags: placeFlags,
    examples: ['caravan unconsume inventory:8080 --dir retail-store'],
    run: close('listener'),
  },
];
