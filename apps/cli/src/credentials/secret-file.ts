import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../failures/cli-error.js';

/** A file for a private key that is not there yet: taken before anything is asked for, so that nothing is made for nothing. */
export interface SecretFile {
  readonly path: string;
  write(text: string): Promise<void>;
  /** Nothing came of it. */
  discard(): Promise<void>;
}

/**
 * Creates the file, readable by its owner alone from its first moment on. Never writes over another: a key in it may be the
 * only one. Throws `cli.file-exists`.
 */
export const reserveSecretFile = async (file: string, cwd: string): Promise<SecretFile> => {
  const target = path.resolve(cwd, file);
  const handle = await open(target, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw usageError('cli.file-exists', `${target} exists already.`, ['--out <another file>', `rm ${target}`]);
  });
  return {
    path: target,
    write: async (text) => {
      await handle.writeFile(text);
      await handle.sync();
      await handle.close();
    },
    discard: async () => {
      await handle.close();
      await rm(target, { force: true });
    },
  };
};
