import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { itemSchema } from '@caravan/data-plane';
import type { SiteFile } from '@caravan/api';
import { describeCertificate, importPrivateKey, PkiError, publicKeyFingerprint } from '@caravan/pki';
import { SiteDirectoryError } from '../site-directory/index.js';

/**
 * Reads the file that a site is started with.
 *
 * @throws SiteDirectoryError `site-directory.bad-file`, with what is wrong where
 */
export async function readSiteFile(path: string): Promise<SiteFile> {
  // Read once in the life of a site: its schema, and what that comes with, is not loaded at any other start.
  const { itemsOfFile, MAX_SITE_FILE_BYTES, siteFileSchema } = await import('@caravan/api');
  const result = siteFileSchema.safeParse(parsed(path, await textOf(path, MAX_SITE_FILE_BYTES)));
  if (!result.success) {
    const { path: at = [], message = '' } = result.error.issues[0] ?? {};
    throw bad(
      path,
      `it is not an invitation, a bundle or a management site of this version (${at.join('.')}: ${message})`,
    );
  }
  checkItems(path, itemsOfFile(result.data));
  checkKey(path, result.data);
  return result.data;
}

/** No more than so many bytes, and nothing that would be waited for (a named pipe) or has no end (`/dev/zero`). */
async function textOf(path: string, limit: number): Promise<string> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw new Error('it is no file, but a directory, a pipe or a device');
      if (stats.size > limit) throw new Error(`it has ${stats.size} bytes, more than ${limit}`);
      const bytes = await file.readFile();
      if (!isUtf8(bytes)) throw new Error('it is no text');
      return bytes.toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw bad(path, (error as Error).message);
  }
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw bad(path, 'it is not JSON; was it cut off, or wrapped by a mail program?');
  }
}

function checkItems(path: string, items: readonly unknown[]): void {
  for (const [index, item] of items.entries()) {
    const result = itemSchema.safeParse(item);
    if (result.success) continue;
    const { path: at = [], message = '' } = result.error.issues[0] ?? {};
    throw bad(
      path,
      `its item ${index} is not understood (${at.map(String).join('.')}: ${message}); is this site too old?`,
    );
  }
}

function checkKey(path: string, { certificate: { chain, key } }: SiteFile): void {
  try {
    const certified = describeCertificate(chain[0] ?? '').publicKeyFingerprint;
    if (publicKeyFingerprint(importPrivateKey(key)) !== certified)
      throw bad(path, 'its key is not that of its certificate');
  } catch (error) {
    throw error instanceof PkiError ? bad(path, error.message) : error;
  }
}

const bad = (path: string, reason: string): SiteDirectoryError =>
  new SiteDirectoryError(
    'site-directory.bad-file',
    `${path} cannot be used: ${reason.slice(0, MOST_OF_A_REASON)}. Download it again.`,
  );

/** In characters: what is wrong may be a name of half a million. */
const MOST_OF_A_REASON = 400;
