import { createHash, randomBytes } from 'node:crypto';
import { issueJoinToken, readJoinUrl, writeJoinUrl } from '@caravan/api';
import type { JoinToken } from '@caravan/api';
import type { Api } from '../connection/connection.js';
import { readApiUrl } from '../connection/connection.js';
import { pinFor } from '../connection/pinned.js';
import { usageError } from '../failures/cli-error.js';
import type { Item } from '../kinds/kind.js';
import { idOf, text } from '../kinds/kind.js';
import type { Terminal } from '../terminal.js';

/** Nobody on another machine reaches it, nor is on the way there. */
export const isLoopback = (url: string): boolean => /^(127(\.\d+){3}|localhost|\[::1\])$/.test(new URL(url).hostname);

/** Where those who join find the API, and by what they know it. */
export interface Meeting {
  readonly api: string;
  readonly pin?: string | undefined;
  /** Nobody on another machine reaches it. */
  readonly isHere: boolean;
}

/**
 * @param at what was said of where they reach it; undefined: as whoever asks does
 * @throws CliError `cli.bad-url`, `cli.join-without-tls`; as `pinFor`
 */
export const meetingPlace = async ({ url: known, trust }: Api, at: string | undefined): Promise<Meeting> => {
  const api = at === undefined ? known : readApiUrl(at, AT);
  const { protocol } = new URL(api);
  const isHere = isLoopback(api);
  const url = writeJoinUrl({ api, secret: 'x'.repeat(22) });
  if (url === undefined || !readJoinUrl(url)) {
    throw usageError('cli.bad-url', `${api} is not where an API usually is: nobody could be told of it by a URL.`, AT);
  }
  if (protocol === 'https:') return { api, isHere, pin: await pinFor(api, trust) };
  if (isHere) return { api, isHere };
  throw usageError('cli.join-without-tls', `${api} is without TLS: everybody on the way could join, or be joined.`, AT);
};

const AT = '--at https://<host>:<port>, where those who join reach the API';

export interface Issued {
  readonly url: string;
  readonly token: JoinToken;
}

/** The URL by which whoever has it uses an invitation. Its secret is made here, and goes to nobody but who is told. */
export const issueJoinUrl = async (
  { call }: Pick<Api, 'call'>,
  invitation: Item,
  { api, pin }: Meeting,
  { newId }: Pick<Terminal, 'newId'>,
): Promise<Issued> => {
  const secret = randomBytes(16).toString('base64url');
  const token = await call(issueJoinToken, {
    params: { networkId: text(invitation['networkId']), invitationId: idOf(invitation) },
    body: { secretHash: createHash('sha256').update(secret).digest('hex') },
    idempotencyKey: newId(),
  });
  return { token, url: writeJoinUrl({ api, secret, pin })! };
};
