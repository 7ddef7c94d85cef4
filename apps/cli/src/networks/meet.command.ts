import type { CommandSpec, Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import { addressRemedies, requireAddresses, whenAddressed } from '../credentials/addresses.js';
import { meetingPlace } from '../credentials/join-url.js';
import { joinUrlFlags, tellJoinUrl } from '../credentials/tell-join-url.js';
import { usageError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { Reworded } from '../failures/reworded.js';
import { invitationFields } from '../kinds/invitation-fields.js';
import { idOf, text } from '../kinds/kind.js';
import type { Item } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { durationMs, badDuration, readMoment } from '../kinds/moment.js';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { createItem } from '../resources/create.command.js';
import { flagOf } from '../resources/fields.js';
import { onlyOne, resolve } from '../resources/resolve.js';

const GUESTS = { class: 'guest', invitation: 'guests', prefix: 'guest' } as const;
const LONGEST_NAME = 48;
/** A series of meetings has one title; those that are over keep their names for as long as they can be looked at. */
const MOST_OF_A_NAME = 99;
/** Of an invitation: what a meeting leaves to whoever calls it. */
const asked = invitationFields.filter(({ flag }) => ['limit', 'approval', 'interactive', 'ask'].includes(flag));

/** `Retail review, Q4` is `retail-review-q4`. */
export const nameOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '') || 'meeting';

interface Term {
  readonly starts: string;
  readonly ends: string;
}

const startOf = (said: string | undefined, now: Date): string =>
  said === undefined ? now.toISOString() : readMoment(said, 'start', now);

const termOf = (options: Options, now: Date): Term => {
  const starts = startOf(textOption(options, 'start'), now);
  const length = textOption(options, 'for') ?? '1h';
  const ms = durationMs(length);
  if (!ms) throw badDuration(length, 'for', '90m');
  return { starts, ends: new Date(Date.parse(starts) + ms).toISOString() };
};

const meet = async (invocation: Invocation): Promise<void> => {
  const { args, options, terminal } = invocation;
  const as = textOption(options, 'as') ?? 'qr';
  if (as !== 'qr' && as !== 'url') {
    throw usageError('cli.bad-value', `--as ${as}: expected is qr or url.`, '--as url');
  }
  const term = termOf(options, terminal.now());
  const api = await invocation.connect();
  const place = await meetingPlace(api, textOption(options, 'at'));
  const ref = textOption(options, 'backbone');
  const kind = kindOf('backbone');
  const backbone = ref === undefined ? await onlyOne(api, kind, {}) : await resolve(api, kind, ref, {});
  const remedies = addressRemedies('claim');
  // Nothing is made that nobody could come to.
  await whenAddressed(() => requireAddresses(api, { backboneId: idOf(backbone) }, {}), terminal, { remedies });

  const network = await createNetwork(api, nameOf(args[0] ?? ''), { backbone, term }, invocation);
  const invitation = await invite(api, network, term, invocation).catch((error: unknown) => {
    throw unfinished(error, network);
  });
  terminal.err(`network/${text(network['name'])} from ${term.starts} until ${term.ends}\n`);
  await tellJoinUrl({ api, place, network, invitation, as }, invocation);
};

const createNetwork = async (
  api: Api,
  name: string,
  { backbone, term: { starts, ends } }: { backbone: Item; term: Term },
  { terminal }: Invocation,
): Promise<Item> => {
  const options = { backbone: idOf(backbone), starts, ends };
  for (let nth = 1; ; nth++) {
    try {
      const called = nth === 1 ? name : `${name}-${nth}`;
      return await createItem(api, kindOf('network'), called, { options, terminal, scope: {} });
    } catch (error) {
      if (failureOf(error).code !== 'network.name-taken' || nth === MOST_OF_A_NAME) throw error;
    }
  }
};

/** As many as come, until it ends, unless it is said otherwise. */
const invite = async (api: Api, network: Item, { ends }: Term, { options, terminal }: Invocation): Promise<Item> => {
  const networkId = idOf(network);
  await createItem(api, kindOf('site-class'), GUESTS.class, { options: {}, terminal, scope: { networkId } });
  const own = Object.fromEntries(asked.map(({ flag }) => [flag, options[flag]]));
  const terms = { limit: 'none', ...defined(own), class: [GUESTS.class], prefix: GUESTS.prefix, deadline: ends };
  const scope = { networkId, backboneId: text(network['backboneId']) };
  return createItem(api, kindOf('invitation'), GUESTS.invitation, { options: terms, terminal, scope });
};

const defined = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

const unfinished = (error: unknown, network: Item): Error => {
  const name = text(network['name']);
  return new Reworded(error, {
    before: `The network ${name} was created, and nobody is invited yet`,
    remedies: [`caravan invite ${name} ${GUESTS.invitation} --limit none --as qr`, `caravan network end ${name}`],
  });
};

export const meetCommand: CommandSpec = {
  name: 'meet',
  about: 'Hold a network like a meeting: make it with a beginning and an end, and print the line by which others join',
  args: [{ syntax: '<title>', about: 'what it is about; the network is called after it' }],
  flags: [
    { syntax: '--start <time>', about: '10:00, 2026-12-24T18:00Z, 2h from now (now)' },
    { syntax: '--for <duration>', about: 'how long: 90m, 2h, 5d (1h)' },
    { syntax: '--backbone <backbone>', about: 'what carries it; not needed if there is only one' },
    ...asked.map(flagOf),
    { syntax: '--as <form>', about: 'qr: a QR code and the line to join by; url: the line alone (qr)' },
    ...joinUrlFlags,
    { syntax: '--out <file>', about: 'the QR code as an image (SVG), or the URL, in a file' },
  ],
  examples: [
    "caravan meet 'Retail review' --start 10:00 --for 90m",
    "caravan meet 'Open lab' --for 3h --approval --interactive --at https://caravan.example.com:4443 --out lab.svg",
  ],
  run: meet,
};
