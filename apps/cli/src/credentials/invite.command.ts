import { createInvitationCredential } from '@caravan/api';
import { optionName, switchOption, textOption } from '../options.js';
import type { CommandSpec, Invocation } from '../command.js';
import type { Options } from '../options.js';
import type { Api } from '../connection/connection.js';
import { usageError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { Reworded } from '../failures/reworded.js';
import { kindOf } from '../kinds/kinds.js';
import { idOf, text } from '../kinds/kind.js';
import type { Item } from '../kinds/kind.js';
import { invitationFields } from '../kinds/invitation-fields.js';
import { createItem } from '../resources/create.command.js';
import { flagOf } from '../resources/fields.js';
import { onlyOne, resolve } from '../resources/resolve.js';
import { addressRemedies, remediesOfIssued, requireAddresses, whenAddressed } from './addresses.js';
import { download, invitationFile } from './credential-file.js';
import { meetingPlace } from './join-url.js';
import { formIn, joinUrlFlags, tellJoinUrl } from './tell-join-url.js';
import type { Invited } from './tell-join-url.js';
import type { KeyRequest } from './pkcs10.js';
import { whenIssued } from './when-issued.js';

/** `<network> <name>`, or the name alone where there is only one network. */
const readArguments = ({ args, options }: Invocation): { network: string | undefined; name: string } => {
  const [first, second] = args;
  const network = textOption(options, 'network');
  if (first === undefined) {
    throw usageError('cli.missing-argument', 'What shall the invitation be called?', 'caravan invite <network> <name>');
  }
  if (second !== undefined && network !== undefined) {
    throw usageError('cli.one-of', 'The network was named twice: as an argument and by --network.');
  }
  return second === undefined ? { network, name: first } : { network: first, name: second };
};

const invite = async (invocation: Invocation): Promise<void> => {
  const { options } = invocation;
  const { network: ref, name } = readArguments(invocation);
  const api = await invocation.connect();
  const kind = kindOf('network');
  const network = ref === undefined ? await onlyOne(api, kind, {}) : await resolve(api, kind, ref, {});
  const isThere = switchOption(options, 'download');
  let invitation: Item | undefined;
  if (isThere) {
    refuseTerms(options);
    invitation = await resolve(api, kindOf('invitation'), name, { networkId: idOf(network) });
  }
  const as = formOf(options);
  if (as !== 'file') {
    const place = await meetingPlace(api, textOption(options, 'at'));
    const invited = async () => ({
      network,
      invitation: (invitation ??= await createInvitation(api, network, name, invocation)),
    });
    const unfinished = (error: unknown, { invitation: there }: Invited) => {
      const again = `caravan invite --download ${text(network['name'])} ${text(there['name'])} --as ${as}`;
      const before = `The invitation ${text(there['name'])} is there, and no URL for it was made`;
      return new Reworded(error, { before, remedies: [`${again} makes one`, ...failureOf(error).remedies] });
    };
    return tellJoinUrl({ api, place, as, invited, unfinished }, invocation);
  }
  const called = text(invitation?.['name'] ?? name);
  await download(invocation, {
    defaultFile: `${text(network['name'])}-${called}.invitation.json`,
    commonName: called,
    fetch: async (request) => {
      invitation ??= await createInvitation(api, network, name, invocation);
      return assemble(api, network, invitation, request, invocation);
    },
    about: () => ({ invitation }),
    again: () =>
      invitation && {
        command: `caravan invite --download ${text(network['name'])} ${called}`,
        ...(!isThere && { before: `The invitation ${called} was created, but its file was not made` }),
      },
    next: (file) => [`At each site: caravan join ${file}`],
  });
};

const formOf = (options: Options) => {
  const form = formIn(options, ['file', 'url', 'qr']);
  if (form === 'file' && textOption(options, 'at') !== undefined)
    throw usageError('cli.one-of', '--at says where a URL leads: a file has the addresses in it.', '--as url, or qr');
  return form;
};

/** The terms of an invitation that exists are what they are; accepting options for them would pretend otherwise. */
const refuseTerms = (options: Options): void => {
  const given = invitationFields.find(({ flag }) => options[optionName(`--${flag}`)] !== undefined);
  if (given)
    throw usageError('cli.one-of', `--download makes a file for an invitation as it is; leave --${given.flag} out.`);
};

const createInvitation = async (api: Api, network: Item, name: string, invocation: Invocation): Promise<Item> => {
  const remedies = addressRemedies('claim');
  await whenAddressed(() => requireAddresses(api, network, invocation.options), invocation.terminal, { remedies });
  // Access points are found on the network's backbone.
  const scope = { networkId: idOf(network), backboneId: text(network['backboneId']) };
  const item = await createItem(api, kindOf('invitation'), name, { ...invocation, scope });
  invocation.terminal.err(`invitation/${name} created\n`);
  return item;
};

const assemble = async (
  api: Api,
  network: Item,
  invitation: Item,
  { csr, key }: KeyRequest,
  { terminal }: Invocation,
) => {
  const params = { networkId: text(invitation['networkId']), invitationId: idOf(invitation) };
  const idempotencyKey = terminal.newId();
  const request = () => api.callUnsaid(createInvitationCredential, { params, body: { csr }, idempotencyKey });
  const remedies = remediesOfIssued(network, invitation);
  const answer = await whenAddressed(() => whenIssued(request, terminal), terminal, { remedies });
  return invitationFile(answer, key, api.url);
};

export const inviteCommand: CommandSpec = {
  name: 'invite',
  about: 'Invite sites into a network: create an invitation, and write its file or the line to join by',
  args: [
    { syntax: '[network]', about: 'into which network; not needed if there is only one' },
    { syntax: '[name]', about: 'what to call the invitation' },
  ],
  flags: [
    ...invitationFields.map(flagOf),
    { syntax: '--network <network>', about: 'the network, instead of the argument' },
    { syntax: '--download', about: 'make another file for an invitation that exists' },
    { syntax: '--as <form>', about: 'file; url: one line to join by; qr: the same as a QR code (file)' },
    ...joinUrlFlags,
    {
      syntax: '--out <file>',
      about:
        'where to write it: the file (<network>-<name>.invitation.json), the URL, or the QR code as SVG; - is stdout',
    },
  ],
  examples: [
    'caravan invite retail hq',
    'caravan invite retail store --limit 5 --class storefront --for 7d --out store.invitation.json',
    'caravan invite --download retail store --out another.invitation.json',
    'caravan invite retail guests --limit none --as url --at https://caravan.example.com:4443',
  ],
  run: invite,
};
