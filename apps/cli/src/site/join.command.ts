import { existsSync } from 'node:fs';
import path from 'node:path';
import type { SiteFile } from '@caravan/api';
import { usageError } from '../failures/cli-error.js';
import { switchOption, textOption } from '../options.js';
import type { CommandSpec, Flag, Invocation } from '../command.js';
import { machineText } from '../output/format.js';
import { answersTo } from './answers.js';
import type { Asking } from './answers.js';
import type { Joined } from './await-joined.js';
import { fileByUrl } from './by-url.js';
import { joinUrlGiven } from './join-url-given.js';
import { overOf } from './local-site.js';
import { isAnswerable, lastRefusal } from './refusal.js';
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
  const { options, terminal } = invocation;
  const { dir, file, content } = await whatToJoin(invocation);
  terminal.err(`In ${dir}: ${whatItIs(content)}\n`);
  const foreground = switchOption(options, 'foreground');
  const answers = await answersOf(content, dir, invocation);
  await runSite({ dir, file, content, foreground, answers }, invocation, (joined) => printJoined(joined, invocation));
};

const whatToJoin = async (invocation: Invocation) => {
  const { args, options, terminal } = invocation;
  const named = textOption(options, 'dir');
  const dir = named === undefined ? undefined : path.resolve(terminal.cwd, named);
  const file = path.resolve(terminal.cwd, args[0] ?? '');
  const url = await joinUrlGiven(args[0] ?? '', file);
  if (url) return fileByUrl(url, dir, invocation);
  const content = await readSiteFile(file);
  return { dir: dir ?? defaultDirectory(content, terminal.cwd), file, content };
};

/** A site that was there before was asked then. */
async function answersOf(content: SiteFile, dir: string, { options, terminal }: Invocation) {
  const name = textOption(options, 'name');
  const set = (options['set'] as readonly string[] | undefined) ?? [];
  const isThere = name === undefined && set.length === 0 && existsSync(path.join(dir, 'site.json'));
  if (isThere && !isAnswerable((await lastRefusal(dir))?.code)) return undefined;
  const asking: Asking = content.format === 'caravan.invitation' ? content.invitation : { networkName: '' };
  if (asking.interactive !== true && name !== undefined) {
    throw usageError('cli.bad-value', 'What this site is called is not for whoever joins to say.', 'leave --name out');
  }
  return answersTo(asking, { name, set }, terminal);
}

export const joinCommand: CommandSpec = {
  name: 'join',
  about:
    'Make this machine a site, by what invited it: a URL, or a file of a network or a backbone; again with the same folder resumes',
  args: [
    {
      syntax: '<what>',
      about: 'a URL to join by, in quotes; or a file: what invite or bundle wrote, or one with the URL',
    },
  ],
  flags: [
    { syntax: '--dir <dir>', about: 'where the site lives (./<network>-<invitation>, ./<backbone>-<site>)' },
    { syntax: '--name <name>', about: 'what to call the site, where the invitation leaves that to you' },
    { syntax: '--set <what=value>', about: 'what the invitation asks for', repeats: 'whole' },
    foregroundFlag,
    timeoutFlag,
  ],
  examples: [
    "caravan join 'https://caravan.example.com:4443/join#bNB0kBgGZ0zNbDc1oGAcFQ' --name lobby",
    'caravan join retail-hq.invitation.json',
    'caravan join store.invitation.json --dir /var/lib/caravan/store-1 --foreground',
    'caravan join demo-east.bundle.json --dir /var/lib/caravan/east',
  ],
  run: join,
};
