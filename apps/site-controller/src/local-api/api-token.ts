import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Secret } from '@caravan/pki';
import { replaceFile } from '../site-directory/index.js';

/** The token of a site's directory, made at its first start. Whoever may read the file may manage the site. */
export async function apiToken(file: string): Promise<Secret<string>> {
  const kept = (await readFile(file, 'utf8').catch(unlessMissing)).trim();
  if (kept.length >= 32) return new Secret(kept);
  const token = randomBytes(32).toString('base64url');
  await replaceFile(file, `${token}\n`);
  return new Secret(token);
}

/** Whether an `Authorization` header has the token. Digests have one length: it takes the same time whatever was sent. */
export function isAuthorized(header: string | undefined, token: Secret<string>): boolean {
  const sent = /^Bearer ([^\s]{1,500})$/i.exec(header ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(sent), digest(token.reveal()));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const unlessMissing = (error: NodeJS.ErrnoException): string => {
  if (error.code === 'ENOENT') return '';
  throw error;
};
