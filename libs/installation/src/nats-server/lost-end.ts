import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A record that only says "position n is gone": a header of 22 bytes and a checksum, for which there is no message. */
const TOMBSTONE_BYTES = 30;
/** In the uppermost byte of the position, little-endian at 4 to 11: this is a tombstone. */
const TOMBSTONE_FLAG = 0x40;
const FLAG_AT = 11;

/**
 * What a nats-server noted of entries that its files no longer hold: `index.db`, and at the end blocks of nothing but tombstones. With
 * these it counts positions at the end of a stream that nobody can read. Moves them to `aside`, so that the server, which must not be
 * running, goes by the entries that are there; no entry is touched. `storeDir` is JetStream's. Returns what was moved.
 */
export function putLostEndAside(storeDir: string, stream: string, aside: string): string[] {
  const moved = messageDirs(storeDir, stream).flatMap((dir) => {
    const names = [...(existsSync(join(dir, 'index.db')) ? ['index.db'] : []), ...emptyAtTheEnd(dir)];
    return names.map((name) => join(dir, name));
  });
  if (moved.length > 0) mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const file of moved) renameSync(file, join(aside, basename(file)));
  return moved;
}

function messageDirs(storeDir: string, stream: string): string[] {
  const accounts = join(storeDir, 'jetstream');
  if (!existsSync(accounts)) return [];
  return readdirSync(accounts)
    .map((account) => join(accounts, account, 'streams', stream, 'msgs'))
    .filter((dir) => existsSync(dir));
}

function emptyAtTheEnd(dir: string): string[] {
  const blocks = readdirSync(dir)
    .filter((name) => /^\d+\.blk$/.test(name))
    .sort((one, other) => Number.parseInt(other) - Number.parseInt(one));
  const firstThatHolds = blocks.findIndex((name) => !isOfTombstones(readFileSync(join(dir, name))));
  // Where no block holds anything, the server may go on with what it knows.
  return firstThatHolds < 0 ? [] : blocks.slice(0, firstThatHolds);
}

/** Pure: whether a block holds no message. */
export function isOfTombstones(block: Buffer): boolean {
  if (block.length % TOMBSTONE_BYTES !== 0) return false;
  for (let at = 0; at < block.length; at += TOMBSTONE_BYTES) {
    const isTombstone =
      block.readUInt32LE(at) === TOMBSTONE_BYTES && (block.readUInt8(at + FLAG_AT) & TOMBSTONE_FLAG) !== 0;
    if (!isTombstone) return false;
  }
  return true;
}
