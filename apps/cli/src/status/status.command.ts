import path from 'node:path';
import { getStatus } from '@caravan/api';
import type { Status } from '@caravan/api';
import { textOption } from '../command.js';
import type { CommandSpec, Invocation } from '../command.js';
import { section } from '../output/description.js';
import { machineText } from '../output/format.js';
import { tableText } from '../output/table.js';
import { printSiteStatus } from '../site/site-status.js';

const statusText = ({ installation, version, status, parts, counts }: Status, url: string): string => {
  const wrong = parts.filter((part) => part.status !== 'ok').map(({ name }) => name);
  const how = status === 'ok' ? 'well' : `degraded${wrong.length > 0 ? `: ${wrong.join(', ')}` : ''}`;
  const table = tableText(
    ['PART', 'STATUS', 'DETAIL'],
    parts.map((part) => [part.name, part.status, part.detail]),
  );
  const totals = Object.entries(counts).map(([name, count]) => `${name}: ${count}\n`);
  return `Installation ${installation} ${version} at ${url}: ${how}\n\n${table}${section('Counts', totals.join(''))}`;
};

const status = async (invocation: Invocation): Promise<void> => {
  const { options, output, terminal } = invocation;
  const dir = textOption(options, 'dir');
  if (dir !== undefined) return printSiteStatus(path.resolve(terminal.cwd, dir), invocation);
  const api = await invocation.connect();
  const answer = await api.call(getStatus, {});
  terminal.out(machineText(output, answer) ?? statusText(answer, api.url));
};

export const statusCommand: CommandSpec = {
  name: 'status',
  about: 'Show how the installation is, or with --dir a site on this machine',
  flags: [{ syntax: '--dir <dir>', about: 'where the site lives' }],
  examples: ['caravan status', 'caravan status --dir retail-hq', 'caravan status -o json'],
  run: status,
};
