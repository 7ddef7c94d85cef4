import { changeNetwork, endNetwork } from '@caravan/api';
import type { BodyOf, Network } from '@caravan/api';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import { idOf } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { readMoment, readSeconds } from '../kinds/moment.js';
import { textOption } from '../options.js';
import { machineText } from '../output/format.js';
import { findOne } from '../resources/find-one.js';
import { requiredRef } from '../resources/verb.js';

const NEVER = 'never';
const args = [{ syntax: '[ref]', about: 'name or id' }];
const flags: readonly Flag[] = [
  { syntax: '--starts <time>', about: 'of one that has not started' },
  { syntax: '--ends <time>', about: 'a time, how long from now, or never' },
  { syntax: '--delete-after <duration>', about: 'how long what it was can be looked at after its end' },
];

type Change = BodyOf<typeof changeNetwork>;

async function found(invocation: Invocation, verb: string) {
  const kind = kindOf('network');
  const ref = requiredRef(invocation, kind, `network ${verb}`);
  const api = await invocation.connect();
  const { item } = await findOne(api, kind, ref, invocation.options);
  return { api, ref, params: { networkId: idOf(item) }, idempotencyKey: invocation.terminal.newId() };
}

const changeTo = (verb: string, changeOf: (invocation: Invocation) => Change) => async (invocation: Invocation) => {
  const body = changeOf(invocation);
  const { api, ref, params, idempotencyKey } = await found(invocation, verb);
  const changed = await api.call(changeNetwork, { params, body, idempotencyKey });
  const anew = changed.invitationsAnew
    ? `Its authorities are replaced by such as last as long (caravan get rotations); whoever has not joined by then needs the invitation again: caravan invite --download ${ref} <name>\n`
    : '';
  tell(invocation, changed, `${windowText(ref, changed)}${anew}`);
};

const end = async (invocation: Invocation) => {
  const { api, ref, params, idempotencyKey } = await found(invocation, 'end');
  const ended = await api.call(endNetwork, { params, idempotencyKey });
  tell(invocation, ended, `network/${ref} ended at ${ended.endsAt}: nobody is let in any more, and who was is out\n`);
};

const tell = ({ output, terminal }: Invocation, network: Network, says: string): void =>
  terminal.out(output === 'name' ? `network/${network.id}\n` : (machineText(output, network) ?? says));

const windowText = (ref: string, { status, startsAt, endsAt }: Network): string =>
  `network/${ref} is ${status}, from ${startsAt} ${endsAt === null ? 'on, without an end' : `until ${endsAt}`}\n`;

function timesOf({ options, terminal }: Invocation): Change {
  const [starts, ends] = [textOption(options, 'starts'), textOption(options, 'ends')];
  const deleteAfter = textOption(options, 'deleteAfter');
  if ([starts, ends, deleteAfter].every((each) => each === undefined)) {
    throw usageError(
      'cli.nothing-to-change',
      'It is not said when it is to start or to end, or how long it stays after that.',
      '--ends 2h, or --ends never',
    );
  }
  return {
    ...(starts !== undefined && { startsAt: readMoment(starts, 'starts', terminal.now()) }),
    ...(ends !== undefined && { endsAt: ends === NEVER ? null : readMoment(ends, 'ends', terminal.now()) }),
    ...(deleteAfter !== undefined && { deleteAfterSeconds: readSeconds(deleteAfter, 'delete-after', '7d') }),
  };
}

/** When a network is: what else there is of it, `get`, `create` and `delete` know. */
export const networkCommand: CommandSpec = {
  name: 'network',
  about: 'Extend, shorten or move a network, suspend it for a while, or end it for everybody',
  examples: ['caravan network reschedule retail --ends 30d', 'caravan network end retail'],
  subcommands: [
    {
      name: 'reschedule',
      about: 'Another start, if it has not started, another end, or how long it stays after that',
      args,
      flags,
      examples: [
        'caravan network reschedule retail --ends 2026-12-24T18:00Z',
        'caravan network reschedule retail --ends never',
      ],
      run: changeTo('reschedule', timesOf),
    },
    {
      name: 'suspend',
      about: 'Let nobody in, and put out who is in, until it is resumed',
      args,
      examples: ['caravan network suspend retail'],
      run: changeTo('suspend', () => ({ suspended: true })),
    },
    {
      name: 'resume',
      about: 'Let those in again that were put out',
      args,
      examples: ['caravan network resume retail'],
      run: changeTo('resume', () => ({ suspended: false })),
    },
    {
      name: 'end',
      about: 'End it now: for good, and for everybody',
      args,
      examples: ['caravan network end retail'],
      run: end,
    },
  ],
};
