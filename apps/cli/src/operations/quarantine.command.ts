import { discardQuarantined, listQuarantine, retryQuarantined } from '@caravan/api';
import type { QuarantinedItem } from '@caravan/api';
import { textOption } from '../options.js';
import type { CommandSpec, Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import { machineText } from '../output/format.js';
import { cellText, tableText } from '../output/table.js';

/** How an entry is called at the command line: `cert-service-issuing@4711`. */
const idOf = ({ reaction, position }: Pick<QuarantinedItem, 'reaction' | 'position'>): string =>
  `${reaction}@${position}`;

const readId = (text = ''): { reaction: string; position: number } => {
  const [, reaction, position] = /^([a-z0-9-]{1,100})@([1-9]\d{0,14})$/.exec(text) ?? [];
  if (reaction !== undefined) return { reaction, position: Number(position) };
  throw usageError('cli.bad-quarantine-id', `"${text}" names nothing that was put aside.`, 'caravan quarantine list');
};

const list = async ({ connect, output, terminal }: Invocation): Promise<void> => {
  const api = await connect();
  const answer = await api.call(listQuarantine, {});
  const { items, unknown } = answer;
  const rows = items.map((item) => [idOf(item), item.stream, cellText(item.recordedAt), item.reason]);
  const text = output === 'name' ? items.map((item) => `${idOf(item)}\n`).join('') : tableText(COLUMNS, rows);
  terminal.out(machineText(output, answer) ?? text);
  for (const service of unknown) terminal.err(`${service} did not answer; what it put aside is not in this list.\n`);
};
const COLUMNS = ['ID', 'STREAM', 'SINCE', 'REASON'];

const retry = async ({ args, options, connect, terminal }: Invocation): Promise<void> => {
  const which = readId(args[0]);
  const reason = textOption(options, 'reason');
  const api = await connect();
  const body = { ...which, ...(reason !== undefined && { reason }) };
  await api.call(retryQuarantined, { body, idempotencyKey: terminal.newId() });
  terminal.out(`${idOf(which)} is handled, and taken out of the quarantine.\n`);
};

const discard = async ({ args, options, connect, terminal }: Invocation): Promise<void> => {
  const which = readId(args[0]);
  const api = await connect();
  const body = { ...which, reason: textOption(options, 'reason') ?? '' };
  await api.call(discardQuarantined, { body, idempotencyKey: terminal.newId() });
  terminal.out(`${idOf(which)} is taken out of the quarantine; it will never be handled.\n`);
};

const argument = [{ syntax: '<id>', about: 'as the list calls it: <reaction>@<position>' }];
const example = 'cert-service-issuing@4711';

export const quarantineCommand: CommandSpec = {
  name: 'quarantine',
  about: 'What reactions could not handle and put aside',
  examples: ['caravan quarantine list', `caravan quarantine retry ${example}`],
  subcommands: [
    {
      name: 'list',
      about: 'List what was put aside, by position in the log',
      examples: ['caravan quarantine list', 'caravan quarantine list -o json'],
      run: list,
    },
    {
      name: 'retry',
      about: 'Handle it again, when what was wrong is mended',
      args: argument,
      flags: [{ syntax: '--reason <why>', about: 'kept in the log' }],
      examples: [`caravan quarantine retry ${example}`],
      run: retry,
    },
    {
      name: 'discard',
      about: 'Take it out unhandled, for ever',
      args: argument,
      flags: [{ syntax: '--reason <why>', about: 'kept in the log for ever', required: true }],
      examples: [`caravan quarantine discard ${example} --reason obsolete`],
      run: discard,
    },
  ],
};
