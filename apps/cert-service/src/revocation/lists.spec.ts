import { describe, expect, it } from 'vitest';
import { generateKeyPair, randomSerial, selfSignRoot } from '@caravan/pki';
import type { RevokedCertificate } from '@caravan/pki';
import type { Authority } from '../authorities/establish.js';
import { RevocationLists } from './lists.js';
import type { RevocationList } from './revocations.js';

const HOUR_MS = 60 * 60 * 1000;
const keyPair = generateKeyPair();
const start = new Date('2026-03-01T12:00:00.000Z');
const { certificatePem } = selfSignRoot({ commonName: 'root', keyPair, serial: randomSerial(), now: start });
const authority: Authority = {
  credential: { certificatePem, privateKey: keyPair.privateKey },
  chain: [],
  data: {} as never,
};
const stolen: RevokedCertificate = { serial: randomSerial(), revokedAt: start, reason: 'key-compromise' };

/** What the database would keep. */
class Kept {
  readonly revoked: RevokedCertificate[] = [];
  readonly lists: RevocationList[] = [];
  /** Before anybody keeps the next: another replica is quicker. */
  before: (() => void) | undefined;

  of = () => Promise.resolve([...this.revoked]);
  list = () => Promise.resolve(this.lists.at(-1));
  keep(_authorityId: string, list: RevocationList): Promise<boolean> {
    this.before?.();
    this.before = undefined;
    const isNewer = list.number > (this.lists.at(-1)?.number ?? 0n);
    if (isNewer) this.lists.push(list);
    return Promise.resolve(isNewer);
  }
}

describe('a list of revoked certificates', () => {
  let now = start;
  const clock = { now: () => now };
  const listing = (kept: Kept, found: Authority | undefined = authority, knowsAll = true) =>
    new RevocationLists({ findById: () => Promise.resolve(found) }, kept, clock, () => Promise.resolve(knowsAll));
  const numbers = (kept: Kept) => kept.lists.map(({ number }) => Number(number));

  it('is signed at the first question, and not again for the same', async () => {
    const kept = new Kept();
    const lists = listing(kept);
    const first = await lists.of('a');
    expect(await lists.of('a')).toBe(first);
    expect(numbers(kept)).toEqual([1]);
  });

  it('is signed anew when something is revoked, and when it is a day old, with the next number', async () => {
    const kept = new Kept();
    const lists = listing(kept);
    await lists.of('a');
    kept.revoked.push(stolen);
    const second = await lists.of('a');
    now = new Date(start.getTime() + 23 * HOUR_MS);
    expect(await lists.of('a')).toBe(second);
    now = new Date(start.getTime() + 24 * HOUR_MS);
    const third = await lists.of('a');
    expect(third.nextUpdate.getTime() - third.thisUpdate.getTime()).toBe(7 * 24 * HOUR_MS);
    expect(numbers(kept)).toEqual([1, 2, 3]);
    now = start;
  });

  it('is another replica’s when that was quicker, and lists what it knows in any case', async () => {
    const kept = new Kept();
    kept.revoked.push(stolen);
    const other = { number: 1n, thisUpdate: start, nextUpdate: start, covers: 'less', der: Buffer.alloc(0) };
    kept.before = () => kept.lists.push(other);
    const list = await listing(kept).of('a');
    expect(list.number).toBe(2n);
    expect(numbers(kept)).toEqual([1, 2]);
  });

  it('is the last one while it is not known what is revoked, and none when that is over', async () => {
    const kept = new Kept();
    const ignorant = listing(kept, authority, false);
    await expect(ignorant.of('a')).rejects.toMatchObject({ code: 'service.unavailable' });
    kept.revoked.push(stolen);
    const last = await listing(kept).of('a');
    kept.revoked.length = 0;
    expect(await ignorant.of('a')).toBe(last);
    now = last.nextUpdate;
    await expect(ignorant.of('a')).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(numbers(kept)).toEqual([1]);
    now = start;
  });

  it('is none of an authority that nobody knows', async () => {
    const nobody = { findById: () => Promise.resolve(undefined) };
    const lists = new RevocationLists(nobody, new Kept(), clock, () => Promise.resolve(true));
    await expect(lists.of('a')).rejects.toMatchObject({ code: 'authority.unknown' });
    const elsewhere = { ...authority, credential: undefined };
    await expect(listing(new Kept(), elsewhere).of('a')).rejects.toMatchObject({ code: 'authority.key-elsewhere' });
  });
});
