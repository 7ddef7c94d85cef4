import path from 'node:path';
import { getStatus } from '@caravan/api';
import { textOption } from '../options.js';
import type { CommandSpec, Invocation } from '../command.js';
import { CliError } from '../failures/cli-error.js';
import { EXIT } from '../failures/exit-codes.js';
import { machineText } from '../output/format.js';
import { printSiteStatus } from '../site/site-status.js';
import { headline, statusText } from './status-text.js';

const status = async (invocation: Invocation): Promise<void> => {
  const { options, output, terminal } = invocation;
  const dir = textOption(options, 'dir');
  if (dir !== undefined) return printSiteStatus(path.resolve(terminal.cwd, dir), invocation);
  const api = await invocation.connect();
  const answer = await api.call(getStatus, {});
  terminal.out(machineText(output, answer) ?? statusText(answer, api.url));
  if (answer.status === 'ok') return;
  throw new CliError('installation.degraded', `The installation is ${headline(answer)}.`, {
    exit: EXIT.degraded,
    at: api.url,
  });
};

export const statusCommand: CommandSpec = {
  name: 'status',
  about: 'Show how the installation is, or with --dir a site on this machine; ends with 5 when it is not well',
  flags: [{ syntax: '--dir <dir>', about: 'where the site lives' }],
  examples: ['caravan status', 'caravan status --dir retail-hq', 'caravan status -o json'],
  run: status,
};
