import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from '@caravan/api';
import type { InvitationFile, JoinUrl } from '@caravan/api';
import type { Invocation } from '../command.js';
import { apiAt, noticeFor } from '../connection/connection.js';
import type { Api } from '../connection/connection.js';
import { fetchOverTls } from '../connection/fetch-over-tls.js';
import { pinned } from '../connection/pinned.js';
import { whenAddressed } from '../credentials/addresses.js';
import { askAgain } from '../credentials/ask-again.js';
import { invitationFile } from '../credentials/credential-file.js';
import { newKeyRequest } from '../credentials/pkcs10.js';
import { replaceSecretFile } from '../credentials/secret-file.js';
import { whenIssued } from '../credentials/when-issued.js';
import { failureOf } from '../failures/failure.js';
import { fileFailure } from '../failures/file-failure.js';
import { Reworded } from '../failures/reworded.js';
import { onceTold } from '../output/late-notice.js';
import { readLocalSite } from './local-site.js';
import { defaultDirectory, readSiteFile } from './site-file.js';

export interface Found {
  readonly dir: string;
  readonly file: string;
  readonly content: InvitationFile;
}

/**
 * Has a claim certificate made for a key of this machine's own, and keeps both in the folder of the site, in a file that is named after the
 * URL: what another URL led to is never touched. A site that runs goes on with what it has; another has it made anew, since that may be what it
 * needs, and goes on with what it has where that is refused or nobody answers.
 */
export const fileByUrl = async (url: JoinUrl, named: string | undefined, invocation: Invocation): Promise<Found> => {
  const { terminal } = invocation;
  const name = nameOf(url);
  const before = await keptIn(named === undefined ? await foldersIn(terminal.cwd) : [named], name);
  if (before && (await readLocalSite(before.dir))) return before;
  const content = await fetched(url, invocation).catch((error: unknown) => {
    if (!before || !isValid(before.content, terminal.now())) throw error;
    terminal.err(`It goes on with what it has: ${failureOf(error).detail}\n`);
    return undefined;
  });
  if (content === undefined) return before!;
  const dir = named ?? before?.dir ?? defaultDirectory(content, terminal.cwd);
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw fileFailure(error, dir);
  });
  const file = path.join(dir, name);
  await replaceSecretFile(file, `${JSON.stringify(content, null, 2)}\n`);
  return { dir, file, content };
};

/** The same for the same URL, and telling nothing of it. */
const nameOf = ({ api, secret }: JoinUrl): string =>
  `url-${createHash('sha256').update(`${api} ${secret}`).digest('hex').slice(0, 16)}.invitation.json`;

const foldersIn = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(dir, name));
};

const keptIn = async (folders: readonly string[], name: string): Promise<Found | undefined> => {
  const dir = folders.find((folder) => existsSync(path.join(folder, name)));
  if (dir === undefined) return undefined;
  const file = path.join(dir, name);
  const content = await readSiteFile(file);
  return content.format === 'caravan.invitation' ? { dir, file, content } : undefined;
};

const isValid = ({ certificate: { chain } }: InvitationFile, now: Date): boolean =>
  new Date(new X509Certificate(chain[0] ?? '').validTo) > now;

const fetched = async (url: JoinUrl, { options, terminal }: Invocation): Promise<InvitationFile> => {
  const api = await apiOf(url, noticeFor(options, terminal)).catch(reworded);
  const { csr, key } = newKeyRequest('site');
  const idempotencyKey = terminal.newId();
  const request = () => inTurn(() => api.callUnsaid(join, { body: { csr }, idempotencyKey }), terminal);
  const answer = await whenAddressed(() => whenIssued(request, terminal), terminal, { remedies: ASK }).catch(reworded);
  return invitationFile(answer, key, api.url);
};

/** Many may come at once: each has its turn. */
const TURN = { forMs: 120_000, pauseMs: 1_500 };
const inTurn = <Reply>(ask: () => Promise<Reply>, terminal: Invocation['terminal']): Promise<Reply> => {
  const passes = (error: unknown) => failureOf(error).code === 'join-token.too-fast';
  const tell = onceTold('Many join at once; waiting for our turn', TURN.forMs, terminal);
  return askAgain(() => spread().then(ask), { passes, tell, ...TURN });
};
/** Not all in the same moment, and nobody notices a tenth of a second. */
const spread = (): Promise<void> => pause(Math.random() * 100);

/** Nothing is said to an API that is not the one that is meant. */
const apiOf = async ({ api: url, secret, pin }: JoinUrl, notice: ReturnType<typeof noticeFor>): Promise<Api> => {
  const trust = pin === undefined ? undefined : await pinned(url, pin);
  const known = trust === undefined ? {} : { trust, fetch: fetchOverTls({ trust }) };
  return apiAt({ url, token: secret, ...known }, { notice });
};

const ASK = ['ask whoever invited you for another URL, or for the file of the invitation'];
const REACH = ['is this machine on a network that reaches it?', 'ask whoever invited you whether it is there'];

/** Whoever joins administers nothing: what an administrator would do about it is no help. */
const reworded = (error: unknown): never => {
  throw new Reworded(error, { remedies: failureOf(error).code === 'api.unreachable' ? REACH : ASK });
};
