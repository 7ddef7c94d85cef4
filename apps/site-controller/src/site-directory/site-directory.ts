import { readFile } from 'node:fs/promises';
import { privateDirectory, removeTemporaries, replaceFile } from './atomic-file.js';
import { loadSealKey } from './seal-key.js';
import type { SealKeySource } from './seal-key.js';
import { SealedFiles, sealingWith } from './sealed-files.js';
import type { Sealing } from './sealed-files.js';
import { SiteDirectoryError } from './site-directory-error.js';
import { sitePaths } from './site-paths.js';
import type { SitePaths } from './site-paths.js';

export type Role = 'member' | 'backbone' | 'management';

/** Everything a site knows, on disk. Whoever opens it holds the controller's lock. */
export interface SiteDirectory {
  readonly paths: SitePaths;
  readonly sealed: SealedFiles;
  /** Undefined until the file that makes it a site was taken. */
  role(): Promise<Role | undefined>;
  /** From here on this directory is a site: written after everything that the first step needs. */
  become(role: Role): Promise<void>;
}

const FORMAT = 'caravan.site';

/** Opens a site's directory, and makes it where there is none. `sealing` is for tests that show what sealing hides. */
export async function openSiteDirectory(
  directory: string,
  source: SealKeySource,
  sealing?: Sealing,
): Promise<SiteDirectory> {
  const paths = sitePaths(directory);
  for (const path of [paths.root, paths.state, paths.logs]) await ours(path);
  for (const path of [paths.root, paths.state]) await removeTemporaries(path);
  const sealed = new SealedFiles(paths.state, sealing ?? sealingWith(await loadSealKey(paths, source)));
  return {
    paths,
    sealed,
    role: () => readRole(paths.roleFile),
    become: (role) => replaceFile(paths.roleFile, `${JSON.stringify({ format: FORMAT, version: 1, role })}\n`),
  };
}

async function ours(path: string): Promise<void> {
  try {
    await privateDirectory(path);
  } catch (error) {
    const remedy = 'Give it to the user who runs this (chown -R), or choose another --dir.';
    const reason = (error as Error).message;
    throw new SiteDirectoryError('site-directory.not-ours', `${path} cannot be used: ${reason}. ${remedy}`);
  }
}

async function readRole(file: string): Promise<Role | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const { format, version, role } = parsed(text);
  const known = format === FORMAT && version === 1;
  if (known && (role === 'member' || role === 'backbone' || role === 'management')) return role;
  const remedy = 'It was written by another version, or is damaged: start the version that made this site.';
  throw new SiteDirectoryError('site-directory.damaged', `${file} is not one of ours. ${remedy}`);
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
