import { createHash, hash } from 'node:crypto';

/** One message of the log, as it lies there. */
export interface LogEntry {
  /** Its place in the log, from 1. */
  readonly position: number;
  /** The subject. */
  readonly stream: string;
  readonly bytes: Uint8Array;
}

/** The chain of an empty log. */
export const EMPTY_LOG: Uint8Array = new Uint8Array(32);

const PREFIX = 40; // the chain so far, and the position
const UNCOMMON = 64 * 1024;
const scratch = Buffer.allocUnsafe(UNCOMMON);

/**
 * The chain after one more entry: SHA-256 over `previous` (32 bytes), the position (8 bytes, big-endian), the subject in UTF-8, a
 * zero byte and the raw bytes. Headers and the server's time of storage are left out: nothing reads them once a commit is stored.
 * The same chain at a position means the same log up to there.
 */
export function chainAfter(previous: Uint8Array, { position, stream, bytes }: LogEntry): Uint8Array {
  const length = PREFIX + Buffer.byteLength(stream) + 1;
  // One call over joined bytes costs two thirds of a hash that is fed in pieces, and this is done for every entry of the log.
  if (length + bytes.length <= UNCOMMON) {
    head(scratch, previous, position, stream);
    scratch.set(bytes, length);
    return hash('sha256', scratch.subarray(0, length + bytes.length), 'buffer');
  }
  const start = Buffer.allocUnsafe(length);
  head(start, previous, position, stream);
  return createHash('sha256').update(start).update(bytes).digest();
}

function head(into: Buffer, previous: Uint8Array, position: number, stream: string): void {
  into.set(previous, 0);
  into.writeUInt32BE(Math.floor(position / 2 ** 32), 32);
  into.writeUInt32BE(position % 2 ** 32, 36);
  into[PREFIX + into.write(stream, PREFIX)] = 0;
}

/** As it is stored and compared: hexadecimal. */
export const chainText = (chain: Uint8Array): string => Buffer.from(chain).toString('hex');

/** @throws RangeError when it is no chain. */
export function chainOfText(text: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new RangeError(`not the chain of a log: ${JSON.stringify(text)}`);
  return Buffer.from(text, 'hex');
}
