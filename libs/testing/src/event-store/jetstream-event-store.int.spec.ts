import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { logEntryEvents } from '@caravan/events';
import { eventRegistry, handleCommand } from '@caravan/event-store';
import { eventStoreContract, notebook, notebookEvents, notebookStream, NoteWritten } from './index.js';
import type { WriteNote } from './index.js';
import { eventually } from '../eventually.js';
import { useNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { createLog, ensureLog, JetStreamEventStore, LOG_STREAM } from '@caravan/event-store/jetstream';

const registry = eventRegistry(notebookEvents);
const note = (text: string) => NoteWritten({ noteId: text, text });
const write = (notebookId: string, text: string, commandId: string = randomUUID()): WriteNote => ({
  type: 'WriteNote',
  notebookId,
  noteId: text,
  text,
  metadata: commandMetadata({ commandId }),
});
const stream = ({ notebookId }: { notebookId: string }) => notebookStream(notebookId);

describe('with a log on a real server', () => {
  const nats = useNats({ jetstream: true });
  let nc: NatsConnection;
  let store: JetStreamEventStore;
  beforeAll(async () => {
    nc = await nats().connect();
    await ensureLog(nc);
    store = new JetStreamEventStore(nc, { registry });
  });
  const notes = async (id: string) =>
    (await store.read(notebookStream(id))).events.map(({ data }) => (data as { text: string }).text);

  eventStoreContract('the JetStream store', async () => ({
    store: new JetStreamEventStore(nc, { registry: eventRegistry([...notebookEvents, ...logEntryEvents]) }),
    appendRaw: async (name, bytes) => (await jetstream(nc).publish(name, bytes)).seq,
    async raw(name) {
      const { streams } = await jetstreamManager(nc);
      const { state } = await streams.info(LOG_STREAM);
      const raw: Uint8Array[] = [];
      for (let seq = 1; seq <= state.last_seq; seq++) {
        const message = await streams.getMessage(LOG_STREAM, { seq });
        if (message?.subject === name) raw.push(message.data);
      }
      return raw;
    },
  }));

  it('many handlers on one stream lose nothing and store nothing twice', async () => {
    const id = randomUUID();
    const handlers = Array.from({ length: 4 }, () => handleCommand({ store, decider: notebook, stream, attempts: 60 }));
    const commands = Array.from({ length: 40 }, (_, n) => write(id, `${n}`));
    await Promise.all(commands.flatMap((command, n) => [handlers[n % 4]!(command), handlers[(n + 1) % 4]!(command)]));
    const stored = await notes(id);
    expect(stored).toHaveLength(40);
    expect(new Set(stored).size).toBe(40);
  });

  it('a long stream is read whole', async () => {
    const id = randomUUID();
    const handle = handleCommand({ store, decider: notebook, stream });
    for (let n = 0; n < 300; n++) await handle(write(id, `${n}`));
    expect(await notes(id)).toEqual(Array.from({ length: 300 }, (_, n) => `${n}`));
  });

  it('answers who waits for a stream as soon as it says so', async () => {
    /** How long after what was waited for was written. */
    const heardAfterMs = async (): Promise<number> => {
      const id = randomUUID();
      const handle = handleCommand({ store, decider: notebook, stream });
      const waiting = store.waitForStream(
        notebookStream(id),
        (events) => events.find(({ data }) => (data as { text: string }).text === 'two'),
        { signal: AbortSignal.timeout(10_000) },
      );
      await sleep(50);
      await handle(write(id, 'one'));
      await sleep(50);
      const appended = performance.now();
      const { position } = await handle(write(id, 'two'));
      expect(await waiting).toMatchObject({ position });
      return performance.now() - appended;
    };
    const tries = [await heardAfterMs(), await heardAfterMs(), await heardAfterMs()];
    expect(Math.min(...tries)).toBeLessThan(500); // the safety net would take 900 ms each time
  });

  it('who waits in vain gets nothing', async () => {
    const signal = AbortSignal.timeout(100);
    expect(await store.waitForStream(notebookStream(randomUUID()), (events) => events[0], { signal })).toBeUndefined();
  });
});

describe('past the duplicate window', () => {
  const nats = useNats({ jetstream: true });

  it('a resend is recognised by reading', async () => {
    const nc = await nats().connect();
    await createLog(nc, { duplicateWindowMs: 100 });
    const store = new JetStreamEventStore(nc, { registry });
    const handler = () => handleCommand({ store, decider: notebook, stream });
    const [here, command] = [handler(), write('late', 'once', 'the-id')];
    const first = await here(command);
    await here(write('late', 'twice'));
    await sleep(300);
    for (const handle of [here, handler()]) {
      expect(await handle({ ...command, text: 'other' })).toMatchObject({ position: first.position, duplicate: true });
    }
    expect((await store.read(notebookStream('late'))).revision).toBe(2);
    // The negative control: the server itself has forgotten the id.
    const { metadata } = command;
    const again = await eventually('it has forgotten', async () => {
      const options = { expectedRevision: 2, metadata, previousHash: null };
      const outcome = await store.append(notebookStream('late'), [note('x')], options);
      return outcome.outcome === 'appended' && outcome.duplicate ? undefined : outcome;
    });
    expect(again).toMatchObject({ outcome: 'appended', duplicate: false, position: 3 });
  });
});
