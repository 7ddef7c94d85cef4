import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { commitHash, eventRegistry } from '@caravan/event-store';
import type { AppendOptions, AppendOutcome, EventRegistry, EventStore } from '@caravan/event-store';
import { logEntryEvents } from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { commandMetadata } from '../specification/index.js';
import { unreadableCommits } from './contract-unreadable.js';
import { notebookEvents, notebookStream, NotebookClosed, NoteRemoved, NoteWritten } from './notebook.js';

/** A store that is put to the test, and a way to see its raw bytes past the codec. */
export interface StoreUnderTest {
  readonly store: EventStore;
  raw(stream: StreamName): Promise<readonly Uint8Array[]>;
  /** Puts bytes into the log as a broken or foreign writer would, and gives their position. */
  appendRaw(stream: StreamName, bytes: Uint8Array): Promise<number>;
}

const note = (text: string) => NoteWritten({ noteId: text, text });

/** What every event store must hold. `makeStore` is called before each test; an empty log is not asked for. */
export function eventStoreContract(
  name: string,
  makeStore: (registry: EventRegistry) => StoreUnderTest | Promise<StoreUnderTest>,
): void {
  describe(`${name} keeps the contract of an event store:`, () => {
    const registry = eventRegistry([...notebookEvents, ...logEntryEvents]);
    let under: StoreUnderTest;
    let stream: StreamName;
    beforeEach(async () => {
      under = await makeStore(registry);
      stream = notebookStream(randomUUID());
    });

    const append = (events: readonly Event[], more: Partial<AppendOptions> = {}, on = stream): Promise<AppendOutcome> =>
      under.store.append(on, events, {
        expectedRevision: 0,
        previousHash: null,
        ...more,
        metadata: more.metadata ?? commandMetadata({ commandId: randomUUID() }),
      });
    const appended = async (...args: Parameters<typeof append>) => {
      const outcome = await append(...args);
      if (outcome.outcome !== 'appended') throw new Error(`not appended: ${JSON.stringify(outcome)}`);
      return outcome;
    };

    it('a new stream has revision 0 and no events', async () => {
      expect(await under.store.read(stream)).toEqual({ events: [], revision: 0, lastCommitHash: null });
    });

    it('what was appended is read back with its place, its time and who did it', async () => {
      const metadata = commandMetadata({
        commandId: randomUUID(),
        now: new Date('2026-05-06T07:08:09.123Z'),
        actor: { kind: 'claim', id: 'invitation-1' },
        via: 'site-protocol',
        reason: 'a reason',
        traceparent: '00-00000000000000000000000000000001-0000000000000002-01',
        ownerGroup: 'group',
      });
      const { position, hash } = await appended([note('one')], { metadata });
      const { now: _now, ...kept } = metadata;
      expect(await under.store.read(stream)).toEqual({
        events: [{ ...note('one'), stream, position, index: 0, at: '2026-05-06T07:08:09.123Z', metadata: kept }],
        revision: position,
        lastCommitHash: hash,
      });
    });

    it('of 50 writers at revision 0 exactly one wins, and the others are told of a conflict', async () => {
      const outcomes = await Promise.all(Array.from({ length: 50 }, (_, n) => append([note(`${n}`)])));
      expect(outcomes.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'conflict')).toHaveLength(49);
      expect((await under.store.read(stream)).events).toHaveLength(1);
    });

    it('a stale revision is a conflict, a right one is not', async () => {
      const first = await appended([note('one')]);
      const second = await appended([note('two')], {
        expectedRevision: first.revision,
        previousHash: first.hash ?? null,
      });
      expect(second.position).toBeGreaterThan(first.position);
      expect(await append([note('three')], { expectedRevision: first.revision })).toEqual({ outcome: 'conflict' });
      expect(await append([note('three')], { expectedRevision: second.revision + 1 })).toEqual({ outcome: 'conflict' });
      expect((await under.store.read(stream)).events.map(({ data }) => data)).toEqual([
        note('one').data,
        note('two').data,
      ]);
    });

    it('a resend with a now stale revision gives the first position and stores nothing', async () => {
      const metadata = commandMetadata({ commandId: randomUUID() });
      const first = await appended([note('one')], { metadata });
      await appended([note('two')], { expectedRevision: first.revision });
      expect(await append([note('one')], { metadata })).toEqual({
        outcome: 'appended',
        position: first.position,
        revision: first.revision,
        duplicate: true,
      });
      expect((await under.store.read(stream)).events).toHaveLength(2);
    });

    it('one command id on two streams is stored on both', async () => {
      const metadata = commandMetadata({ commandId: randomUUID() });
      const other = notebookStream(randomUUID());
      expect(await append([note('one')], { metadata })).toMatchObject({ outcome: 'appended', duplicate: false });
      expect(await append([note('one')], { metadata }, other)).toMatchObject({ outcome: 'appended', duplicate: false });
      expect((await under.store.read(stream)).events).toHaveLength(1);
      expect((await under.store.read(other)).events).toHaveLength(1);
    });

    it('several events of one commit share its position and keep their order', async () => {
      const events = [note('one'), note('two'), NoteRemoved({ noteId: 'one' }), NotebookClosed({})];
      const { position } = await appended(events);
      const read = await under.store.read(stream);
      expect(read.events.map(({ type, position, index }) => ({ type, position, index }))).toEqual(
        events.map(({ type }, index) => ({ type, position, index })),
      );
      expect(read.revision).toBe(position);
    });

    it('each commit names the hash of the raw bytes before it', async () => {
      let last: { revision: number; hash: string | null } = { revision: 0, hash: null };
      for (const text of ['one', 'zwei ✓', 'three']) {
        const { revision, hash } = await appended([note(text)], {
          expectedRevision: last.revision,
          previousHash: last.hash,
        });
        last = { revision, hash: hash ?? null };
      }
      const raw = await under.raw(stream);
      const previous = raw.map((bytes) => registry.decode(stream, 1, bytes).previous);
      expect(previous).toEqual([null, ...raw.slice(0, -1).map(commitHash)]);
      expect((await under.store.read(stream)).lastCommitHash).toBe(commitHash(raw.at(-1)!));
      const forged = Uint8Array.from(raw[0]!).fill(32, 1, 2); // the negative control: one byte makes another hash
      expect(commitHash(forged)).not.toBe(previous[1]);
    });

    it('a stream is read behind a position, and up to one', async () => {
      const positions: number[] = [];
      for (let n = 0; n < 40; n++) {
        positions.push((await appended([note(`${n}`)], { expectedRevision: positions.at(-1) ?? 0 })).position);
        if (n % 7 === 0) await appended([note('elsewhere')], {}, notebookStream(randomUUID()));
      }
      const texts = async (options: { after?: number; upTo?: number }) => {
        const { events, revision } = await under.store.read(stream, options);
        return { notes: events.map(({ data }) => Number((data as { text: string }).text)), revision };
      };
      const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n);
      const [p4, p5, p8] = [positions[4]!, positions[5]!, positions[8]!];
      expect(await texts({})).toEqual({ notes: numbers(0, 40), revision: positions[39] });
      expect(await texts({ after: p5 })).toEqual({ notes: numbers(6, 40), revision: positions[39] });
      expect(await texts({ after: p5, upTo: p8 })).toEqual({ notes: [6, 7, 8], revision: p8 });
      expect(await texts({ after: p4, upTo: p5 })).toEqual({ notes: [5], revision: p5 });
      expect(await texts({ upTo: p4 })).toEqual({ notes: numbers(0, 5), revision: p4 });
      expect(await texts({ after: positions[39]! })).toEqual({ notes: [], revision: positions[39] });
    });

    it('a stream that ends before the position behind which it is read has lost something, and says so', async () => {
      const { position } = await appended([note('one')]);
      await expect(under.store.read(stream, { after: position + 1 })).rejects.toMatchObject({ code: 'log.went-back' });
    });

    describe('a commit that cannot be read', () =>
      unreadableCommits(() => ({
        store: under.store,
        appendRaw: (...entry) => under.appendRaw(...entry),
        stream,
        append,
      })));

    it.each(['', 'a.b', 'a b', '*', '>', 'a\r\nPUB x 0', 'ä', 'x'.repeat(129)])(
      'the id %j is refused, for reading and for writing',
      async (id) => {
        const strange = `caravan.evt.topology.notebook.${id}` as StreamName;
        await expect(append([note('one')], {}, strange)).rejects.toThrow(RangeError);
        await expect(under.store.read(strange)).rejects.toThrow(RangeError);
      },
    );

    it('what breaks its schema, is not declared or belongs elsewhere is refused before it is stored', async () => {
      const elsewhere = 'caravan.evt.topology.backbone.b1' as StreamName;
      const invalid = { code: 'event.invalid' };
      await expect(append([{ ...note('one'), data: { text: 1 } }])).rejects.toMatchObject(invalid);
      await expect(append([{ ...note('one'), type: 'NoteBurned' }])).rejects.toMatchObject(invalid);
      await expect(append([{ ...note('one'), version: 2 }])).rejects.toMatchObject(invalid);
      await expect(append([note('one')], {}, elsewhere)).rejects.toMatchObject(invalid);
      await expect(append([note('x'.repeat(1_000_000))])).rejects.toMatchObject({ code: 'commit.too-large' });
      await expect(append([])).rejects.toThrow(RangeError);
      expect((await under.store.read(stream)).revision).toBe(0);
    });
  });
}
