import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../failures/cli-error.js';
import { fileFailure } from '../failures/file-failure.js';

/** A file for a private key that is not there yet: taken before anything is asked for, so that nothing is made for nothing. */
export interface SecretFile {
  readonly path: string;
  /** Throws `file.<what the system says>`. */
  write(text: string): Promise<void>;
  /** Nothing came of it. */
  discard(): Promise<void>;
}

/** More than any such file has, so that a disk that is full says so before anything is made on the server. */
const ROOM_BYTES = 64 * 1024;

/**
 * Creates the file, readable by its owner alone from its first moment on, and with its room on the disk. Never writes over
 * another: a key in it may be the only one. Throws `cli.file-exists`, `file.<what the system says>`; leaves nothing behind then.
 */
export const reserveSecretFile = async (file: string, cwd: string): Promise<SecretFile> => {
  const target = path.resolve(cwd, file);
  const handle = await open(target, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw fileFailure(error, target);
    throw usageError('cli.file-exists', `${target} exists already.`, ['--out <another file>', `rm ${target}`]);
  });
  const failed = (error: NodeJS.ErrnoException): never => {
    throw fileFailure(error, target);
  };
  const discard = async (): Promise<void> => {
    await handle.close().catch(() => undefined); // what could not be written is said already
    await rm(target, { force: true });
  };
  await takeRoom(handle).catch(async (error: NodeJS.ErrnoException) => {
    await discard();
    failed(error);
  });
  return { path: target, write: (text) => fill(handle, text).catch(failed), discard };
};

/** Blanks, and not a hole: a hole takes no room. */
const takeRoom = async (handle: FileHandle): Promise<void> => {
  await handle.writeFile(Buffer.alloc(ROOM_BYTES, ' '));
  await handle.sync();
};

const fill = async (handle: FileHandle, text: string): Promise<void> => {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += (await handle.write(bytes, at, bytes.length - at, at)).bytesWritten;
  await handle.truncate(bytes.length);
  await handle.sync();
  await handle.close();
};

/** Writes it whole, or not at all, over what was there; readable by its owner alone from its first byte on. Throws `file.<what the system says>`. */
export const replaceSecretFile = async (file: string, text: string): Promise<void> => {
  const draft = `${file}.${process.pid}.new`;
  try {
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined); // where it could not be made there is nothing to remove
    throw fileFailure(error as NodeJS.ErrnoException, file);
  }
};
