import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { Secret } from '@caravan/pki';
import { KeySourceError, readKeys, SEALING_KEY_BYTES } from '@caravan/platform/sealing-keys';
import type { KeySource } from '@caravan/platform/sealing-keys';
import { replaceFile } from './atomic-file.js';
import { SiteDirectoryError } from './site-directory-error.js';
import type { SitePaths } from './site-paths.js';

export interface SealKeySource {
  /** The key itself: 32 bytes as 64 hex digits or base64. */
  readonly CARAVAN_SEAL_KEY?: string | undefined;
  /** A file with the same, or with the 32 bytes. */
  readonly CARAVAN_SEAL_KEY_FILE?: string | undefined;
  /** What writes the same to its output, for `/bin/sh -c`: unwrapped by a TPM or a KMS. */
  readonly CARAVAN_SEAL_KEY_COMMAND?: string | undefined;
}

/**
 * The key that a site's disk is sealed under. From the environment, a command or a file that lies elsewhere a copy of the disk gives
 * nothing; by default it lies beside, which guards against a backup of the state alone and keeps the format the same.
 *
 * @throws SiteDirectoryError `site-directory.bad-seal-key`
 */
export async function loadSealKey(paths: SitePaths, source: SealKeySource): Promise<Secret<Buffer>> {
  const { CARAVAN_SEAL_KEY: value, CARAVAN_SEAL_KEY_FILE: file, CARAVAN_SEAL_KEY_COMMAND: command } = source;
  if (value) return keyFrom('CARAVAN_SEAL_KEY', { value: new Secret(value) });
  if (file) return keyFrom('CARAVAN_SEAL_KEY_FILE', { file });
  if (command) return keyFrom('CARAVAN_SEAL_KEY_COMMAND', { command });
  if (!existsSync(paths.sealKeyFile)) await makeKey(paths);
  return keyFrom('The seal key', { file: paths.sealKeyFile });
}

async function makeKey({ sealKeyFile, state }: SitePaths): Promise<void> {
  // A second key would make what is sealed under the first unreadable for ever, and say so only later.
  const sealed = (await readdir(state)).length > 0;
  if (sealed) {
    const remedy = 'Put it back, or name it with CARAVAN_SEAL_KEY_FILE, CARAVAN_SEAL_KEY_COMMAND or CARAVAN_SEAL_KEY.';
    throw bad(`${sealKeyFile} is missing. ${remedy}`);
  }
  await replaceFile(sealKeyFile, `${randomBytes(SEALING_KEY_BYTES).toString('base64')}\n`);
}

async function keyFrom(named: string, source: KeySource): Promise<Secret<Buffer>> {
  try {
    const [key, ...others] = await readKeys(source);
    if (!key || others.length > 0) throw new KeySourceError('has several keys; a site has one');
    return key;
  } catch (error) {
    if (!(error instanceof KeySourceError)) throw error;
    throw bad(`${named} ${error.says}.`);
  }
}

const bad = (detail: string): SiteDirectoryError => new SiteDirectoryError('site-directory.bad-seal-key', detail);
