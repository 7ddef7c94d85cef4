import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { Secret } from '@caravan/pki';
import { replaceFile } from './atomic-file.js';
import { SiteDirectoryError } from './site-directory-error.js';
import type { SitePaths } from './site-paths.js';

const KEY_BYTES = 32;

export interface SealKeySource {
  /** The key itself: 32 bytes as 64 hex digits or base64. */
  readonly CARAVAN_SEAL_KEY?: string | undefined;
  /** A file with the same, or with the 32 bytes. */
  readonly CARAVAN_SEAL_KEY_FILE?: string | undefined;
}

/**
 * The key that a site's disk is sealed under. From the environment or a file that lies elsewhere a copy of the disk gives
 * nothing; by default it lies beside, which guards against a backup of the state alone and keeps the format the same.
 *
 * @throws SiteDirectoryError `site-directory.bad-seal-key`
 */
export async function loadSealKey(paths: SitePaths, source: SealKeySource): Promise<Secret<Buffer>> {
  if (source.CARAVAN_SEAL_KEY) return keyOf(source.CARAVAN_SEAL_KEY, 'CARAVAN_SEAL_KEY');
  if (source.CARAVAN_SEAL_KEY_FILE) return keyIn(source.CARAVAN_SEAL_KEY_FILE);
  if (!existsSync(paths.sealKeyFile)) await makeKey(paths);
  return keyIn(paths.sealKeyFile);
}

async function makeKey({ sealKeyFile, state }: SitePaths): Promise<void> {
  // A second key would make what is sealed under the first unreadable for ever, and say so only later.
  const sealed = (await readdir(state)).length > 0;
  if (sealed) {
    const remedy = 'Put it back, or name it with CARAVAN_SEAL_KEY_FILE or CARAVAN_SEAL_KEY.';
    throw new SiteDirectoryError('site-directory.bad-seal-key', `${sealKeyFile} is missing. ${remedy}`);
  }
  await replaceFile(sealKeyFile, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
}

async function keyIn(file: string): Promise<Secret<Buffer>> {
  let content: Buffer;
  try {
    content = await readFile(file);
  } catch (error) {
    const reason = (error as Error).message;
    throw new SiteDirectoryError('site-directory.bad-seal-key', `The seal key cannot be read: ${reason}`);
  }
  return content.length === KEY_BYTES ? new Secret(content) : keyOf(content.toString('latin1'), file);
}

function keyOf(written: string, where: string): Secret<Buffer> {
  const text = written.trim();
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  if (key.length === KEY_BYTES) return new Secret(key);
  const remedy = 'A seal key has 32 bytes, written as 64 hex digits or as base64 (openssl rand -base64 32).';
  throw new SiteDirectoryError('site-directory.bad-seal-key', `There is no seal key in ${where}. ${remedy}`);
}
