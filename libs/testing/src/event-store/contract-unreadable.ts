import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { LogEntryPassedOver, logEntryStream } from '@caravan/events';
import type { Event, StreamName } from '@caravan/events';
import { commitHash, PoisonError } from '@caravan/event-store';
import type { AppendOptions, AppendOutcome, EventStore } from '@caravan/event-store';
import { notebookStream, NoteWritten } from './notebook.js';

interface UnderTest {
  readonly store: EventStore;
  /** A new stream. */
  readonly stream: StreamName;
  readonly appendRaw: (stream: StreamName, bytes: Uint8Array) => Promise<number>;
  readonly append: (events: readonly Event[], more?: Partial<AppendOptions>, on?: StreamName) => Promise<AppendOutcome>;
}

const garbage = new TextEncoder().encode('garbage');
const note = (text: string) => NoteWritten({ noteId: text, text });

/** The part of the contract that is about commits which nobody can read. */
export function unreadableCommits(underTest: () => UnderTest): void {
  const passOver = async (position: number, bytes = garbage): Promise<void> => {
    const { append, stream } = underTest();
    const mark = LogEntryPassedOver({ position, stream, hash: commitHash(bytes), problem: 'no JSON' });
    expect(await append([mark], {}, logEntryStream(position))).toMatchObject({ outcome: 'appended' });
  };
  const texts = async (): Promise<string[]> => {
    const { store, stream } = underTest();
    return (await store.read(stream)).events.map(({ data }) => (data as { text: string }).text);
  };

  it('makes its stream unreadable, and no other, and says where, why and what to do', async () => {
    const { append, appendRaw, store, stream } = underTest();
    await append([note('one')]);
    const position = await appendRaw(stream, garbage);
    const reading = store.read(stream);
    await expect(reading).rejects.toThrow(PoisonError);
    await expect(reading).rejects.toMatchObject({
      code: 'log.undecodable',
      position,
      stream,
      reason: expect.stringContaining('JSON') as string,
      remedy: expect.stringContaining(`caravan log pass-over ${position} `) as string,
    });
    const other = notebookStream(randomUUID());
    await append([note('elsewhere')], {}, other);
    expect((await store.read(other)).events).toHaveLength(1);
  });

  it('is left out once the log says that it is passed over; what follows goes behind it', async () => {
    const { append, appendRaw, store, stream } = underTest();
    await append([note('one')]);
    const before = (await store.read(stream)).revision;
    const position = await appendRaw(stream, garbage);
    await passOver(position);
    expect(await texts()).toEqual(['one']);
    const { revision, lastCommitHash } = await store.read(stream);
    expect([revision, lastCommitHash]).toEqual([position, commitHash(garbage)]);
    expect(await append([note('two')], { expectedRevision: before })).toEqual({ outcome: 'conflict' });
    await append([note('two')], { expectedRevision: revision, previousHash: lastCommitHash });
    expect(await texts()).toEqual(['one', 'two']);
  });

  it('is not left out for what was said about other bytes, or in what cannot be read either', async () => {
    const { appendRaw, store, stream } = underTest();
    const position = await appendRaw(stream, garbage);
    await passOver(position, new TextEncoder().encode('other garbage'));
    await expect(store.read(stream)).rejects.toThrow(PoisonError);
    const other = await appendRaw(notebookStream(randomUUID()), garbage);
    await appendRaw(logEntryStream(other), garbage);
    await expect(store.read(logEntryStream(other))).rejects.toThrow(PoisonError);
  });
}
