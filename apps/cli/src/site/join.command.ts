import path from 'node:path';
import { switchOption, textOption } from '../options.js';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { machineText } from '../output/format.js';
import type { Joined } from './await-joined.js';
import { overOf } from './local-site.js';
import { runSite } from './run-site.js';
import { defaultDirectory, readSiteFile, whatItIs } from './site-file.js';

export const timeoutFlag: Flag = {
  syntax: '--timeout <duration>',
  about: 'how long to wait for it to join (5m; in the foreground for ever)',
};
export const foregroundFlag: Flag = { syntax: '--foreground', about: 'stay with it; its log goes to stderr' };

/** What to say of a site that has joined, and what to try there. */
export const printJoined = ({ site, state }: Joined, { output, terminal }: Invocation): void => {
  const document = { dir: site.dir, pid: site.pid, url: site.api.url, state };
  const machine = machineText(output, document);
  if (machine !== undefined) return terminal.out(machine);
  const what = state.network?.name ?? state.backbone?.name ?? state.installation;
  const hints =
    state.role === 'member'
      ? [
          `caravan expose <address> <port> --dir ${site.dir}`,
          `caravan consume <address> --port <port> --dir ${site.dir}`,
        ]
      : [];
  const over = overOf(state);
  const runs = `the site runs in ${site.dir} (process ${site.pid}).`;
  const lines = over
    ? [over.detail, `It goes on trying; ${runs}`]
    : [`Joined ${what} as ${state.name ?? '?'}; ${runs}`];
  terminal.out(
    [...lines, ...[...hints, `caravan site status --dir ${site.dir}`].map((hint) => `  ${hint}`), ''].join('\n'),
  );
};

const join = async (invocation: Invocation): Promise<void> => {
  const { args, options, terminal } = invocation;
  const file = path.resolve(terminal.cwd, args[0] ?? '');
  const content = await readSiteFile(file);
  const named = textOption(options, 'dir');
  const dir = named === undefined ? defaultDirectory(content, terminal.cwd) : path.resolve(terminal.cwd, named);
  terminal.err(`In ${dir}: ${whatItIs(content)}\n`);
  const foreground = switchOption(options, 'foreground');
  await runSite({ dir, file, content, foreground }, invocation, (joined) => printJoined(joined, invocation));
};

export const joinCommand: CommandSpec = {
  name: 'join',
  about:
    'Make this machine a site, with the file of an invitation or of a backbone site; again with the same folder resumes',
  args: [{ syntax: '<file>', about: 'what invite or bundle wrote' }],
  flags: [
    { syntax: '--dir <dir>', about: 'where the site lives (./<network>-<invitation>, ./<backbone>-<site>)' },
    foregroundFlag,
    timeoutFlag,
  ],
  examples: [
    'caravan join retail-hq.invitation.json',
    'caravan join store.invitation.json --dir /var/lib/caravan/store-1 --foreground',
    'caravan join demo-east.bundle.json --dir /var/lib/caravan/east',
  ],
  run: join,
};
