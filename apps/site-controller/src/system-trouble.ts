/** What the system refused this site, with a code of its own, why, and the remedy, for whoever runs the machine. */
export interface SystemTrouble {
  readonly code: string;
  readonly detail: string;
}

const FULL = {
  code: 'disk.full',
  cannot: 'be written',
  why: 'there is no space left on its disk',
  remedy: 'Free some space',
};
const NOT_ALLOWED = {
  code: 'disk.not-allowed',
  cannot: 'be used', // read, written, or looked for
  why: 'the user that runs this site may not',
  remedy: 'Give that user the directory of the site and all in it (chown -R)',
};
const FILES = {
  code: 'disk.too-many-files',
  cannot: 'be opened',
  why: 'too many files are open',
  remedy: 'Raise the limit (ulimit -n) of whoever starts the site, before its next start',
};

const BY_ERRNO: Readonly<Record<string, typeof FULL>> = {
  ENOSPC: FULL,
  EDQUOT: { ...FULL, why: 'the share of its disk that this site may use is used up' },
  EROFS: {
    code: 'disk.read-only',
    cannot: 'be written',
    why: 'its disk can only be read',
    remedy: 'Let it be written to again (mount)',
  },
  EIO: {
    code: 'disk.failing',
    cannot: 'be used',
    why: 'its disk does not work as it should',
    remedy: 'Look at the log of the system',
  },
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EMFILE: FILES,
  ENFILE: FILES,
};

/** Of what a call about a file said; undefined for everything else, sockets among it. Pure. */
export function systemTrouble(error: unknown): SystemTrouble | undefined {
  const { code, syscall, path, message } = Object(error) as Partial<NodeJS.ErrnoException>;
  const words = typeof code === 'string' && typeof syscall === 'string' ? BY_ERRNO[code] : undefined;
  if (!words || syscall === 'bind' || syscall === 'listen' || syscall === 'connect') return undefined;
  const what = path === undefined ? 'What this site keeps' : path;
  const { cannot, why, remedy } = words;
  return {
    code: words.code,
    detail: `${what} cannot ${cannot}: ${why}. ${remedy}; this site tries again by itself (${message ?? code}).`,
  };
}
