import { createInvitation, createNetwork, createSiteClass } from '@caravan/api';
import type { BodyOf, Invitation, Network } from '@caravan/api';
import type { CommandSpec, Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import { addressRemedies, requireAddresses, whenAddressed } from '../credentials/addresses.js';
import { meetingPlace } from '../credentials/join-url.js';
import { formIn, joinUrlFlags, tellJoinUrl } from '../credentials/tell-join-url.js';
import type { Invited } from '../credentials/tell-join-url.js';
import { usageError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { Reworded } from '../failures/reworded.js';
import { invitationFields } from '../kinds/invitation-fields.js';
import { idOf, text } from '../kinds/kind.js';
import type { Item } from '../kinds/kind.js';
import { kindOf } from '../kinds/kinds.js';
import { badDuration, durationMs, readMoment } from '../kinds/moment.js';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { checkBody } from '../resources/create.command.js';
import { flagOf, nested, readFields } from '../resources/fields.js';
import { onlyOne, resolve } from '../resources/resolve.js';
import type { Terminal } from '../terminal.js';

const GUESTS = { class: 'guest', invitation: 'guests', prefix: 'guest' } as const;
const LONGEST_NAME = 48;
/** A series of meetings has one title; those that are over keep their names for as long as they can be looked at. */
const MOST_OF_A_NAME = 99;
/** Of an invitation: what a meeting leaves to whoever calls it. */
const asked = invitationFields.filter(({ flag }) => ['limit', 'approval', 'interactive', 'ask'].includes(flag));

/** `Retail review, Q4` is `retail-review-q4`. */
const nameOf = (title: string): string =>
  title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '') || 'meeting';

interface Term {
  readonly startsAt: string;
  readonly endsAt: string;
}

const termOf = (options: Options, now: Date): Term => {
  const start = textOption(options, 'start');
  const startsAt = start === undefined ? now.toISOString() : readMoment(start, 'start', now);
  const length = textOption(options, 'for') ?? '1h';
  const ms = durationMs(length);
  if (!ms) throw badDuration(length, 'for', '90m');
  const endsAt = new Date(Date.parse(startsAt) + ms).toISOString();
  if (endsAt > now.toISOString()) return { startsAt, endsAt };
  throw usageError(
    'cli.bad-time',
    `It would be over: from ${startsAt}, for ${length}.`,
    '--start, later, or --for, longer',
  );
};

type Terms = Omit<BodyOf<typeof createInvitation>, 'name' | 'siteClasses'>;

/** As many as come, until it ends, unless it is said otherwise. Held against what the API takes before anything is made. */
const termsOf = async ({ endsAt: deadline }: Term, { options, terminal }: Invocation): Promise<Terms> => {
  const said = await readFields(asked, options, { api: NOBODY, params: {}, now: terminal.now() });
  const terms = { instanceLimit: null, ...nested(said), namePrefix: GUESTS.prefix, deadline };
  checkBody(kindOf('invitation'), createInvitation, { name: GUESTS.invitation, ...terms }, 'caravan meet');
  return terms;
};
/** None of these fields refers to anything. */
const NOBODY = undefined as never;

const meet = async (invocation: Invocation): Promise<void> => {
  const { args, options, terminal, output } = invocation;
  const as = formIn(options, ['qr', 'url']);
  const term = termOf(options, terminal.now());
  const terms = await termsOf(term, invocation);
  const api = await invocation.connect();
  const place = await meetingPlace(api, textOption(options, 'at'));
  const ref = textOption(options, 'backbone');
  const kind = kindOf('backbone');
  const backbone = ref === undefined ? await onlyOne(api, kind, {}) : await resolve(api, kind, ref, {});
  const backboneId = idOf(backbone);
  const remedies = addressRemedies('claim');
  // Nothing is made that nobody could come to.
  await whenAddressed(() => requireAddresses(api, { backboneId }, {}), terminal, { remedies });

  const invited = async (): Promise<Invited> => {
    const network = await networkCalled(api, nameOf(args[0] ?? ''), { backboneId, ...term }, terminal);
    if (output === 'table' || output === 'wide') terminal.err(whenText(network));
    const invitation = await guestsOf(api, network, terms, terminal).catch((error: unknown) => {
      throw unfinished(error, network);
    });
    return { network, invitation };
  };
  const told = {
    api,
    place,
    as,
    invited,
    unfinished: (error: unknown, { network }: Invited) => unfinished(error, network),
  };
  await tellJoinUrl(told, invocation);
};

const whenText = ({ name, startsAt, endsAt }: Network): string =>
  `network/${name} from ${startsAt} until ${endsAt ?? 'for ever'}\n`;

type Named = Omit<BodyOf<typeof createNetwork>, 'name'>;

const networkCalled = async (api: Api, name: string, term: Named, terminal: Terminal): Promise<Network> => {
  for (let nth = 1; ; nth++) {
    const body = { ...term, name: nth === 1 ? name : `${name}-${nth}` };
    try {
      return await api.call(createNetwork, { body, idempotencyKey: terminal.newId() });
    } catch (error) {
      if (failureOf(error).code !== 'network.name-taken' || nth === MOST_OF_A_NAME) throw error;
    }
  }
};

const guestsOf = async (
  api: Api,
  { id: networkId }: Network,
  terms: Terms,
  terminal: Terminal,
): Promise<Invitation> => {
  const params = { networkId };
  await api.call(createSiteClass, { params, body: { name: GUESTS.class }, idempotencyKey: terminal.newId() });
  const body = { ...terms, name: GUESTS.invitation, siteClasses: [GUESTS.class] };
  return api.call(createInvitation, { params, body, idempotencyKey: terminal.newId() });
};

/** What was asked of those who come is not to be said again by hand, and be forgotten. */
const unfinished = (error: unknown, { name }: Item): Error => {
  const called = text(name);
  return new Reworded(error, {
    before: `The network ${called} was created, and nobody was told how to join it`,
    remedies: [
      `if caravan get invitations --network ${called} shows one: caravan invite --download ${called} ${GUESTS.invitation} --as qr`,
      `if not: caravan delete network ${called}, and the same again`,
    ],
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
    ...asked.map(flagOf).map((flag) => ({ ...flag, about: flag.about.replace('(1)', '(none)') })),
    { syntax: '--as <form>', about: 'qr: a QR code and the line to join by; url: the line alone (qr)' },
    ...joinUrlFlags,
    { syntax: '--out <file>', about: 'the QR code as an image (SVG), or the URL, in a file; - is stdout' },
  ],
  examples: [
    "caravan meet 'Retail review' --start 10:00 --for 90m",
    "caravan meet 'Open lab' --for 3h --approval --interactive --at https://caravan.example.com:4443 --out lab.svg",
  ],
  run: meet,
};
