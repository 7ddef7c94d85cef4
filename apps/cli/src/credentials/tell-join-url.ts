import type { Flag, Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import { usageError } from '../failures/cli-error.js';
import type { Item } from '../kinds/kind.js';
import { text } from '../kinds/kind.js';
import { textOption } from '../options.js';
import type { Options } from '../options.js';
import { machineText } from '../output/format.js';
import { qrImage, qrLines } from '../output/qr-code.js';
import type { Terminal } from '../terminal.js';
import { remediesOfIssued, whenAddressed } from './addresses.js';
import { intoSecretFile } from './into-secret-file.js';
import { issueJoinUrl } from './join-url.js';
import type { Issued, Meeting } from './join-url.js';

export const joinUrlFlags: readonly Flag[] = [
  { syntax: '--at <url>', about: 'where those who join by a URL reach the API (as you do)' },
];

/** Throws `cli.bad-value`. */
export const formIn = <Form extends string>(options: Options, forms: readonly [Form, ...Form[]]): Form => {
  const asked = textOption(options, 'as') ?? forms[0];
  const form = forms.find((each) => each === asked);
  if (form !== undefined) return form;
  throw usageError('cli.bad-value', `--as ${asked}: expected is one of ${forms.join(', ')}.`, '--as url');
};

/** Those to whom one joins. */
export interface Invited {
  readonly network: Item;
  readonly invitation: Item;
}

interface Wanted {
  readonly api: Api;
  readonly place: Meeting;
  readonly as: 'url' | 'qr';
  /** Makes what is not there yet. A file that was asked for is there before. */
  readonly invited: () => Promise<Invited>;
  /** What is still missing where the last step fails. */
  readonly unfinished?: (error: unknown, invited: Invited) => unknown;
}

/** Makes a URL to join by and prints the line that whoever joins types, beneath its QR code or with that in a file. */
export const tellJoinUrl = async (wanted: Wanted, invocation: Invocation): Promise<void> => {
  const { options, terminal } = invocation;
  const out = textOption(options, 'out');
  let made: (Invited & Issued) | undefined;
  const make = async (): Promise<Invited & Issued> => (made = await issued(wanted, invocation));
  const image = async () => (wanted.as === 'qr' ? qrImage((await make()).url) : `${(await make()).url}\n`);
  const file = out === undefined ? void (await make()) : await intoSecretFile(out, terminal, image);
  if (made && out !== '-') tell({ ...wanted, ...made, file }, invocation);
};

const issued = async ({ api, place, invited, unfinished }: Wanted, { terminal }: Invocation) => {
  const all = await invited();
  const remedies = remediesOfIssued(all.network, all.invitation);
  const issue = () => issueJoinUrl(api, all.invitation, place, terminal);
  const url = await whenAddressed(issue, terminal, { remedies }).catch((error: unknown) => {
    throw unfinished ? unfinished(error, all) : error;
  });
  return { ...all, ...url };
};

type Told = Invited & Issued & Pick<Wanted, 'place' | 'as'> & { readonly file: string | undefined };

const tell = (told: Told, { output, terminal }: Invocation): void => {
  const { url, token, network, invitation, place, file, as } = told;
  const reach = place.isHere ? 'this machine' : 'everybody who reaches the API';
  const machine = machineText(output, { url, reach, network, invitation, joinToken: token, file });
  if (machine !== undefined) return terminal.out(machine);
  if (output === 'name') return terminal.out(`join-token/${token.id}\n`);
  if (as === 'qr' && file === undefined) draw(url, terminal);
  terminal.out(`caravan join '${url}'\n`);
  terminal.err(`${hints(told).join('\n')}\n`);
};

const draw = (url: string, terminal: Terminal): void => {
  if (terminal.outDarkOnLight) terminal.outDarkOnLight(qrLines(url, 'dark'));
  else terminal.out(`${qrLines(url, 'light').join('\n')}\n`);
};

const hints = ({ place, token, network, invitation, file }: Told): string[] => {
  const [net, inv] = [text(network['name']), text(invitation['name'])];
  return [
    'Whoever is told this may join, as the invitation says.',
    ...(file === undefined ? [] : [`${file} written; it says the same.`]),
    ...(place.isHere ? ['Only this machine reaches it: --at <url> says where others do.'] : []),
    `Nobody else begins by it: caravan delete join-token ${token.id} --network ${net} --invitation ${inv}`,
    `Nobody else joins at all, who began by it neither: caravan revoke invitation ${inv} --network ${net}`,
  ];
};
