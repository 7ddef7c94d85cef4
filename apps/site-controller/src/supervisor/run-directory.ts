import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sockaddr_un has 108 bytes on Linux and 104 elsewhere, the last of them zero. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Where the relay listens for this site's controller: in the site's directory, or where its path would be too long for a
 * socket, in a directory of the same owner below the system's temporary one. The same for each start on one directory.
 */
export function socketPath(siteRoot: string, temporary: string = tmpdir()): string {
  const inside = join(siteRoot, 'run', 'relay.sock');
  if (Buffer.byteLength(inside) <= LONGEST_SOCKET_PATH) return inside;
  const name = createHash('sha256').update(siteRoot).digest('hex').slice(0, 16);
  return join(temporary, `caravan-${process.getuid?.() ?? 0}-${name}`, 'relay.sock');
}

/**
 * Makes the directory of a socket, closed to everybody else. In a temporary directory anybody may have made one of that name
 * before, or a link: what is not ours alone is refused.
 */
export function makeRunDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  if (!found.isDirectory()) throw new Error(`${path} is no directory. Remove it.`);
  if (process.getuid && found.uid !== process.getuid()) {
    throw new Error(
      `${path} belongs to another user (uid ${found.uid}). Remove it, or set TMPDIR to a directory of your own.`,
    );
  }
  chmodSync(path, 0o700);
}
