import { CliError } from './cli-error.js';

interface Words {
  readonly why: string;
  readonly remedy: string;
}

const NO_SPACE = 'free some space, or name a file on another disk';
const NOT_ALLOWED: Words = { why: 'this user may not', remedy: 'name a file that this user may use' };

/** What the system says of a file, in words, and what can be done about it. */
const byCode: Readonly<Record<string, Words>> = {
  ENOSPC: { why: 'there is no space left on its disk', remedy: NO_SPACE },
  EDQUOT: { why: "this user's share of its disk is used up", remedy: NO_SPACE },
  EFBIG: { why: 'it would be larger than a file may be here', remedy: 'raise the limit (ulimit -f)' },
  EROFS: { why: 'its disk can only be read', remedy: 'name a file on another disk' },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  ENOENT: {
    why: 'it, or the folder that it is in, is not there',
    remedy: 'make the folder first, or name another file',
  },
  ENOTDIR: { why: 'what should be a folder on the way to it is a file', remedy: 'name another file' },
  EISDIR: { why: 'it is a folder', remedy: 'name a file' },
  EIO: {
    why: 'its disk does not work as it should',
    remedy: 'look at the log of the system, or name a file on another disk',
  },
  EMFILE: { why: 'too many files are open here', remedy: 'raise the limit (ulimit -n)' },
  ENFILE: { why: 'too many files are open on this machine', remedy: 'close what is not needed' },
  ENAMETOOLONG: { why: 'its name is too long', remedy: 'choose a shorter name' },
};

/** Whether the system refused something about a file; nobody's fault in this program. */
export const isFileFailure = (error: unknown): error is NodeJS.ErrnoException => {
  const { code, path } = Object(error) as Partial<NodeJS.ErrnoException>;
  return typeof code === 'string' && (typeof path === 'string' || code in byCode);
};

/** `file.enospc` and the like. `file`: which one, where the system does not say; writing to an open file it does not. */
export const fileFailure = (error: NodeJS.ErrnoException, file = error.path): CliError => {
  const code = error.code ?? 'unknown';
  const { why, remedy } = byCode[code] ?? { why: error.message, remedy: undefined };
  return new CliError(`file.${code.toLowerCase()}`, `${file ?? 'A file'} cannot be used: ${why} (${error.message}).`, {
    ...(file !== undefined && { at: file }),
    ...(remedy !== undefined && { remedy }),
  });
};
