import { mkdir, open, readdir, rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const TEMPORARY = '.tmp';
let made = 0;

const hasCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code;

/**
 * Replaces a file so that a crash at any moment leaves the old content or the new one, whole, and never neither: the new
 * content is on disk under another name before it takes the name, and the directory is on disk before this resolves.
 * Mode 0600 from the first byte.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${++made}${TEMPORARY}`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // Of a file that is open the system does not say which it was, and nobody knows the temporary one.
    throw Object.assign(error as Error, { path });
  }
  await syncDirectory(dirname(path));
}

/** Removes a file, durably; a file that is not there is fine. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Makes a directory that only its owner can enter, also where it existed with another mode. */
export async function privateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const directory = await open(path, 'r');
  try {
    await directory.chmod(0o700); // mkdir's mode is cut by the umask and ignored where the directory exists
  } finally {
    await directory.close();
  }
}

/** What a crash between writing and renaming left. Only for whoever holds the lock of the directory. */
export async function removeTemporaries(directory: string): Promise<void> {
  const names = await readdir(directory);
  const left = names.filter((name) => name.startsWith('.') && name.endsWith(TEMPORARY));
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true })));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
