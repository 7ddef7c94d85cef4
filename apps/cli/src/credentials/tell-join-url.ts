import type { Flag, Invocation } from '../command.js';
import type { Api } from '../connection/connection.js';
import type { Item } from '../kinds/kind.js';
import { text } from '../kinds/kind.js';
import { textOption } from '../options.js';
import { machineText } from '../output/format.js';
import { qrImage, qrLines } from '../output/qr-code.js';
import type { Terminal } from '../terminal.js';
import { remediesOfIssued, whenAddressed } from './addresses.js';
import { issueJoinUrl } from './join-url.js';
import type { Meeting } from './join-url.js';
import { reserveSecretFile } from './secret-file.js';

export const joinUrlFlags: readonly Flag[] = [
  { syntax: '--at <url>', about: 'where those who join by a URL reach the API (as you do)' },
];

interface Told {
  readonly api: Api;
  readonly place: Meeting;
  readonly network: Item;
  readonly invitation: Item;
  readonly as: 'url' | 'qr';
}

/** Makes a URL to join by and prints the line that whoever joins types, beneath its QR code or with that in a file. */
export const tellJoinUrl = async (told: Told, { options, output, terminal }: Invocation): Promise<void> => {
  const { api, place, network, invitation, as } = told;
  const out = textOption(options, 'out');
  const image = out === undefined ? undefined : await reserveSecretFile(out, terminal.cwd);
  const remedies = remediesOfIssued(network, invitation);
  const issue = () => issueJoinUrl(api, invitation, place, terminal);
  const { url, token } = await whenAddressed(issue, terminal, { remedies }).catch(async (error: unknown) => {
    await image?.discard();
    throw error;
  });
  await image?.write(as === 'qr' ? qrImage(url) : `${url}\n`);
  const machine = machineText(output, { url, network, invitation, joinToken: token, file: image?.path });
  if (machine !== undefined) return terminal.out(machine);
  if (output === 'name') return terminal.out(`${url}\n`);
  if (as === 'qr' && !image) draw(url, terminal);
  terminal.out(`caravan join '${url}'\n`);
  terminal.err(`${hints(told, token.id, image?.path).join('\n')}\n`);
};

const draw = (url: string, terminal: Terminal): void => {
  if (terminal.outDarkOnLight) terminal.outDarkOnLight(qrLines(url, 'dark'));
  else terminal.out(`${qrLines(url, 'light').join('\n')}\n`);
};

const hints = ({ place, network, invitation }: Told, tokenId: string, file: string | undefined): string[] => {
  const of = `--network ${text(network['name'])} --invitation ${text(invitation['name'])}`;
  return [
    'Whoever is told this may join, as the invitation says.',
    ...(file === undefined ? [] : [`${file} written; it says the same.`]),
    ...(place.isHere ? ['Only this machine reaches it: --at <url> says where others do.'] : []),
    `Nobody by it any more: caravan delete join-token ${tokenId} ${of}`,
  ];
};
