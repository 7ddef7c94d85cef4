import { getLogEntry, passOverLogEntry } from '@caravan/api';
import type { LogEntry } from '@caravan/api';
import { switchOption, textOption } from '../options.js';
import type { CommandSpec, Invocation } from '../command.js';
import { usageError } from '../failures/cli-error.js';
import { section } from '../output/description.js';
import { machineText } from '../output/format.js';
import { cellText } from '../output/table.js';

const positionIn = (text: string | undefined): number => {
  const position = /^\d{1,15}$/.test(text ?? '') ? Number(text) : 0;
  if (position > 0) return position;
  throw usageError(
    'cli.bad-position',
    `"${text ?? ''}" is not a position of the log: it is a number from 1.`,
    'caravan status',
  );
};

const entryText = ({ position, stream, bytes, hash, text, problem, newer, passedOver }: LogEntry): string => {
  const readable = problem === null ? 'it can be read' : `it cannot be read: ${problem}`;
  const other = newer ? '; another version of this program may be able to' : '';
  const decided = passedOver
    ? `passed over since ${cellText(passedOver.at)} by ${passedOver.by}: ${passedOver.reason ?? 'no reason given'} (position ${passedOver.position})`
    : 'not passed over';
  return (
    `Position ${position} of the log, on ${stream}: ${readable}${other}\n` +
    `${bytes} bytes, SHA-256 ${hash}; ${decided}\n${section('It begins', `${text}\n`)}`
  );
};

const show = async ({ args, connect, output, terminal }: Invocation): Promise<void> => {
  const position = positionIn(args[0]);
  const api = await connect();
  const entry = await api.call(getLogEntry, { query: { position } });
  terminal.out(machineText(output, entry) ?? entryText(entry));
};

const passOver = async ({ args, options, connect, terminal }: Invocation): Promise<void> => {
  const position = positionIn(args[0]);
  const body = { position, reason: textOption(options, 'reason') ?? '', evenNewer: switchOption(options, 'evenNewer') };
  const api = await connect();
  await api.call(passOverLogEntry, { body, idempotencyKey: terminal.newId() });
  terminal.out(
    `Position ${position} is passed over from now on, and in every rebuild. Who had halted goes on by itself.\n`,
  );
};

const argument = [{ syntax: '<position>', about: 'where it stands in the log, as status says' }];

export const logCommand: CommandSpec = {
  name: 'log',
  about: 'Look at an entry of the log, and repair what one does that cannot be read',
  examples: ['caravan log show 4711', 'caravan log pass-over 4711 --reason garbage'],
  subcommands: [
    {
      name: 'show',
      about: 'Show one entry as it lies there, and whether it can be read',
      args: argument,
      examples: ['caravan log show 4711'],
      run: show,
    },
    {
      name: 'pass-over',
      about: 'Have everybody pass over an entry that no version of this program will ever read',
      args: argument,
      flags: [
        { syntax: '--reason <why>', about: 'kept in the log for ever', required: true },
        { syntax: '--even-newer', about: 'also when another version might read it: there is none' },
      ],
      examples: ['caravan log pass-over 4711 --reason garbage'],
      run: passOver,
    },
  ],
};
