import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { join, readJoinUrl } from '@caravan/api';
import type { InvitationFile, JoinUrl, SiteFile } from '@caravan/api';
import type { Invocation } from '../command.js';
import { apiAt, noticeFor } from '../connection/connection.js';
import type { Api } from '../connection/connection.js';
import { fetchOverTls } from '../connection/fetch-over-tls.js';
import { pinned } from '../connection/pinned.js';
import { whenAddressed } from '../credentials/addresses.js';
import { invitationFile } from '../credentials/credential-file.js';
import { newKeyRequest } from '../credentials/pkcs10.js';
import { reserveSecretFile } from '../credentials/secret-file.js';
import { whenIssued } from '../credentials/when-issued.js';
import { usageError } from '../failures/cli-error.js';
import { failureOf } from '../failures/failure.js';
import { fileFailure } from '../failures/file-failure.js';
import { Reworded } from '../failures/reworded.js';
import { defaultDirectory, readSiteFile } from './site-file.js';

/** The file of a site that joins by a URL, in its folder: what somebody else would have handed over. */
const FILE = 'invitation.json';

interface Found {
  readonly dir: string;
  readonly file: string;
  readonly content: SiteFile;
}

/** Undefined: what was given is a file. @throws CliError `cli.bad-join-url` where it is a URL, and not one to join by */
export const joinUrlOf = (text: string): JoinUrl | undefined => {
  const url = readJoinUrl(text);
  if (url !== undefined || !/^https?:/i.test(text)) return url;
  throw usageError('cli.bad-join-url', 'That is not all of a URL to join by, or something else.', [
    "caravan join '<url>', as it was given to you, in quotes and to its last character",
  ]);
};

/**
 * Has a claim certificate made for a key of this machine's own, and keeps both in the folder of the site; in one where that was done
 * before it is not done again.
 */
export const fileByUrl = async (url: JoinUrl, named: string | undefined, invocation: Invocation): Promise<Found> => {
  const { terminal } = invocation;
  const before = named === undefined ? undefined : await keptIn(named);
  if (before) return before;
  const content = await fetched(url, invocation);
  const dir = named ?? defaultDirectory(content, terminal.cwd);
  const kept = await keptIn(dir);
  if (kept?.content.format === 'caravan.invitation' && kept.content.invitation.id === content.invitation.id)
    return kept;
  if (kept) await rm(kept.file); // of another invitation: the site there, if there is one, says so
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw fileFailure(error, dir);
  });
  const file = await reserveSecretFile(FILE, dir);
  await file.write(`${JSON.stringify(content, null, 2)}\n`);
  return { dir, file: file.path, content };
};

const keptIn = async (dir: string): Promise<Found | undefined> => {
  const file = path.join(dir, FILE);
  return existsSync(file) ? { dir, file, content: await readSiteFile(file) } : undefined;
};

const fetched = async (url: JoinUrl, { options, terminal }: Invocation): Promise<InvitationFile> => {
  const api = await apiOf(url, noticeFor(options, terminal));
  const { csr, key } = newKeyRequest('site');
  const idempotencyKey = terminal.newId();
  const request = () => api.callUnsaid(join, { body: { csr }, idempotencyKey });
  const answer = await whenAddressed(() => whenIssued(request, terminal), terminal, { remedies: ASK }).catch(
    (error: unknown) => {
      throw failureOf(error).status === 401 ? new Reworded(error, { remedies: ASK }) : error;
    },
  );
  return invitationFile(answer, key, api.url);
};

const ASK = ['ask whoever invited you for another URL, or for the file of the invitation'];

/** Nothing is said to an API that is not the one that is meant. */
const apiOf = async ({ api: url, secret, pin }: JoinUrl, notice: ReturnType<typeof noticeFor>): Promise<Api> => {
  const trust = pin === undefined ? undefined : await pinned(url, pin).catch(reworded);
  return apiAt(
    { url, token: secret, ...(trust !== undefined && { trust, fetch: fetchOverTls({ trust }) }) },
    { notice },
  );
};

const reworded = (error: unknown): never => {
  const { code } = failureOf(error);
  throw new Reworded(error, {
    remedies: code === 'api.not-trusted' ? ASK : ['is this machine on a network that reaches it?'],
  });
};
