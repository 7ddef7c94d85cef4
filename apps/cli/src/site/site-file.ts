import path from 'node:path';
import { MAX_SITE_FILE_BYTES, siteFileSchema } from '@caravan/api';
import type { LocalState, SiteFile } from '@caravan/api';
import { usageError } from '../failures/cli-error.js';
import { fileText, UnfitFile } from '../files/file-text.js';

/** The invitation, bundle or management file that makes a directory a site. Throws `cli.no-such-file`, `cli.bad-site-file`. */
export const readSiteFile = async (file: string): Promise<SiteFile> => {
  try {
    const read = siteFileSchema.safeParse(JSON.parse(await fileText(file, MAX_SITE_FILE_BYTES)));
    if (read.success) return read.data;
    const { path: at = [], message = 'unknown format' } = read.error.issues[0] ?? {};
    throw unfit(file, `${at.map(String).join('.').slice(0, 100) || 'file'}: ${message.slice(0, 200)}`);
  } catch (error) {
    if (error instanceof SyntaxError) throw unfit(file, 'it is not JSON');
    if (error instanceof UnfitFile) throw unfit(file, error.message);
    throw readError(file, error);
  }
};

/** What a file that cannot be read means to who named it; any other error is itself. */
export const readError = (file: string, error: unknown): unknown => {
  switch ((error as Partial<NodeJS.ErrnoException>).code) {
    case 'ENOENT':
      return usageError('cli.no-such-file', `There is no file ${file}.`, [
        'caravan invite writes one',
        'caravan site start --dir <dir> goes on with a site that was joined before',
      ]);
    case 'EISDIR':
      return usageError('cli.bad-site-file', `${file} is a directory, not a file that a site can be started with.`, [
        'caravan join <file>, with the file that caravan invite or caravan bundle wrote',
        `caravan site start --dir ${file}, if it is the folder of a site that was joined before`,
      ]);
    case 'EACCES':
    case 'EPERM':
      return usageError('cli.bad-site-file', `You may not read ${file}.`, [
        `ls -l ${file} shows who may; join as that user, or have the file made readable for you`,
      ]);
    default:
      return error;
  }
};

const unfit = (file: string, why: string): Error =>
  usageError('cli.bad-site-file', `${file} is no file that a site can be started with: ${why}.`, [
    'caravan invite, for a member site',
    'caravan bundle, for a backbone site',
  ]);

/** Below the current folder and named after what it is, so that the same file in the same place is the same site again. */
export const defaultDirectory = (file: SiteFile, cwd: string): string => {
  switch (file.format) {
    case 'caravan.invitation':
      return path.join(cwd, `${file.invitation.networkName}-${file.invitation.name}`);
    case 'caravan.bundle':
      return path.join(cwd, `${file.site.backboneName}-${file.site.name}`);
    case 'caravan.management-site':
      return path.join(cwd, file.site.name);
  }
};

export const whatItIs = (file: SiteFile): string => {
  switch (file.format) {
    case 'caravan.invitation':
      return `joining network ${file.invitation.networkName} by invitation ${file.invitation.name}`;
    case 'caravan.bundle':
      return `setting up site ${file.site.name} of backbone ${file.site.backboneName}`;
    case 'caravan.management-site':
      return `starting management site ${file.site.name}`;
  }
};

/** Whether a site came with this file, or with another of the same invitation or the same backbone site. */
export const isFor = (
  file: SiteFile,
  { installation, sourceId }: Pick<LocalState, 'installation' | 'sourceId'>,
): boolean =>
  file.installation === installation &&
  (file.format === 'caravan.invitation' ? file.invitation.id : file.site.id) === sourceId;
