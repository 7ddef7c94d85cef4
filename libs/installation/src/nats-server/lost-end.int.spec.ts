import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOfTombstones, putLostEndAside } from './lost-end.js';

/** As nats-server 2.12 writes it: length 30, position 77 with the flag, time, no subject, checksum. */
const tombstone = Buffer.from('1e0000004d000000000000409346b8dcc7ffe91800009409053d2b77d32c', 'hex');
const message = Buffer.concat([Buffer.from('28000000', 'hex'), Buffer.alloc(36, 1)]);

describe('what a nats-server noted of a lost end', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'caravan-lost-end-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const msgs = (): string => join(dir, 'store', 'jetstream', 'MGMT', 'streams', 'LOG', 'msgs');
  const blocks = (files: Readonly<Record<string, Buffer>>): void => {
    mkdirSync(msgs(), { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(msgs(), name), bytes);
  };
  const putAside = (): string[] => putLostEndAside(join(dir, 'store'), 'LOG', join(dir, 'aside'));

  it('is told from entries', () => {
    expect(isOfTombstones(tombstone)).toBe(true);
    expect(isOfTombstones(Buffer.concat([tombstone, tombstone]))).toBe(true);
    expect(isOfTombstones(message)).toBe(false);
    expect(isOfTombstones(Buffer.concat([tombstone, message]))).toBe(false);
    const entry = Buffer.from(tombstone);
    entry.writeUInt8(0, 11);
    expect(isOfTombstones(entry)).toBe(false);
  });

  it('is put aside, and every block that holds an entry stays', () => {
    blocks({ '2.blk': message, '9.blk': tombstone, '10.blk': message, '11.blk': tombstone, 'index.db': message });
    expect(putAside()).toEqual([join(msgs(), 'index.db'), join(msgs(), '11.blk')]);
    expect(readdirSync(msgs()).sort()).toEqual(['10.blk', '2.blk', '9.blk']);
    expect(readdirSync(join(dir, 'aside')).sort()).toEqual(['11.blk', 'index.db']);
  });

  it('stays where no block holds an entry, or there is no log', () => {
    expect(putAside()).toEqual([]);
    blocks({ '1.blk': tombstone });
    expect(putAside()).toEqual([]);
    expect(existsSync(join(dir, 'aside'))).toBe(false);
  });
});
