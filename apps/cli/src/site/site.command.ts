import { leaveNetwork } from '@caravan/api';
import { switchOption } from '../options.js';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { noticeFor } from '../connection/connection.js';
import { usageError } from '../failures/cli-error.js';
import type { Item } from '../kinds/kind.js';
import { machineText } from '../output/format.js';
import { callRoute } from '../resources/listing.js';
import { foregroundFlag, printJoined, timeoutFlag } from './join.command.js';
import { runningSite, siteDirectory } from './local-site.js';
import { runSite } from './run-site.js';
import { printSiteStatus } from './site-status.js';
import { siteViews, viewTable } from './site-views.js';
import type { SiteView } from './site-views.js';
import { stopSite } from './stop-site.js';

const dirFlag: Flag = { syntax: '--dir <dir>', about: 'where the site lives (the current folder, if it is one)' };

const requiredDirectory = async ({ options, terminal }: Invocation): Promise<string> => {
  const dir = await siteDirectory(options, terminal);
  if (dir === undefined) throw usageError('cli.missing-argument', 'Which site?', '--dir <the folder it was joined in>');
  return dir;
};

const start = async (invocation: Invocation): Promise<void> => {
  const dir = await requiredDirectory(invocation);
  const foreground = switchOption(invocation.options, 'foreground');
  await runSite({ dir, foreground }, invocation, (joined) => printJoined(joined, invocation));
};

const stop = async (invocation: Invocation): Promise<void> => {
  const dir = await requiredDirectory(invocation);
  const outcome = await stopSite(dir, noticeFor(invocation.options, invocation.terminal));
  invocation.terminal.out(machineText(invocation.output, { dir, outcome }) ?? `The site in ${dir} ${outcome}.\n`);
};

const leave = async (invocation: Invocation): Promise<void> => {
  const { options, output, terminal } = invocation;
  const dir = await requiredDirectory(invocation);
  const notice = noticeFor(options, terminal);
  const { api } = await runningSite(dir, notice);
  const { network } = await api.call(leaveNetwork, { idempotencyKey: terminal.newId() });
  await stopSite(dir, notice);
  const says = `The site in ${dir} has left network/${network.name}, for good, and was stopped. Nothing needs that folder any more.\n`;
  terminal.out(machineText(output, { dir, network }) ?? says);
};

const show =
  (view: SiteView) =>
  async (invocation: Invocation): Promise<void> => {
    const { options, output, terminal } = invocation;
    const { api } = await runningSite(await requiredDirectory(invocation), noticeFor(options, terminal));
    const reply = (await callRoute(api, view.route, { params: {} })) as { items: Item[] };
    const machine = machineText(output, reply);
    if (machine !== undefined) return terminal.out(machine);
    if (output === 'name') return reply.items.forEach(({ id, key }) => terminal.out(`${String(id ?? key)}\n`));
    if (reply.items.length === 0) return terminal.err(`The site has no ${view.name}.\n`);
    terminal.out(viewTable(view, reply.items, output === 'wide'));
  };

const command = (
  name: string,
  about: string,
  run: NonNullable<CommandSpec['run']>,
  flags: readonly Flag[] = [],
): CommandSpec => ({
  name,
  about,
  flags: [dirFlag, ...flags],
  examples: [`caravan site ${name} --dir retail-hq`],
  run,
});

export const siteCommand: CommandSpec = {
  name: 'site',
  about: 'Start, stop and look at a site on this machine, or have it leave its network',
  examples: ['caravan site status --dir retail-hq', 'caravan site links --dir retail-hq -o wide'],
  subcommands: [
    command('start', 'Start a site that was joined before', start, [foregroundFlag, timeoutFlag]),
    command('stop', 'Stop a site; start takes it up again', stop),
    command('leave', 'Leave the network for good, with everything that the site has in it, and stop', leave),
    command('status', 'Show what a site is and how it is; ends with 5 when it is not well', async (invocation) =>
      printSiteStatus(await requiredDirectory(invocation), invocation),
    ),
    ...siteViews.map((view) => command(view.name, `List the ${view.name} of a site, as it says itself`, show(view))),
  ],
};
