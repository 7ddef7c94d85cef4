import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Why a file that is there is no text to be read, in words. */
export class UnfitFile extends Error {
  override readonly name = 'UnfitFile';
}

/**
 * A regular file as text: no more than so many bytes of it, and nothing that would be waited for (a named pipe) or has no end
 * (`/dev/zero`). @throws UnfitFile; else what the system says
 */
export async function fileText(path: string, mostBytes: number): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    if (!stats.isFile()) throw new UnfitFile('it is a pipe or a device, and not a file');
    if (stats.size > mostBytes) throw new UnfitFile(`it has ${stats.size} bytes, more than ${mostBytes}`);
    // It may grow while it is read.
    const bytes = Buffer.alloc(mostBytes + 1);
    let length = 0;
    for (let read = 1; read > 0 && length <= mostBytes; length += read) {
      read = (await handle.read(bytes, length, bytes.length - length)).bytesRead;
    }
    if (length > mostBytes) throw new UnfitFile(`it has more than ${mostBytes} bytes`);
    if (!isUtf8(bytes.subarray(0, length))) throw new UnfitFile('it is no text');
    return bytes.toString('utf8', 0, length);
  } finally {
    await handle.close();
  }
}
