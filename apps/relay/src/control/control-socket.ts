import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';

/** sockaddr_un on Linux; the smaller one of other systems is theirs to report. */
const LONGEST_PATH = 107;

/**
 * Listens where only this user may connect: a socket of mode 0600 in a directory of mode 0700. The directory is what counts
 * between the two system calls. Rejects with words for people.
 */
export async function listenPrivately(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw new Error(`${path} is too long for a Unix socket: ${LONGEST_PATH} bytes at most`);
  }
  await privateDirectory(dirname(path));
  await clearStale(path);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
  await chmod(path, 0o600);
}

async function privateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { mode, uid } = await lstat(directory);
  const octal = (mode & 0o777).toString(8);
  if ((mode & 0o077) !== 0) throw new Error(`${directory} is open to others (mode ${octal}); chmod 700 it`);
  if (process.getuid && uid !== process.getuid()) throw new Error(`${directory} belongs to another user (uid ${uid})`);
}

/** A socket that a killed relay left behind is removed; one that answers is another relay's. */
async function clearStale(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (!found.isSocket()) throw new Error(`${path} is there and is no socket`);
  const isAlive = await new Promise<boolean>((resolve) => {
    // One that has too much to do for a moment refuses otherwise than one that nobody listens on.
    const refused = ({ code = '' }: NodeJS.ErrnoException): void => resolve(!['ECONNREFUSED', 'ENOENT'].includes(code));
    const socket = connect(path, () => resolve(true)).on('error', refused);
    socket.once('connect', () => socket.destroy());
  });
  if (isAlive) throw new Error(`another relay listens on ${path}`);
  await rm(path, { force: true });
}
