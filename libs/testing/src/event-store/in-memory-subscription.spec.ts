import { describe, expect, it } from 'vitest';
import { eventRegistry, handleCommand, InMemoryEventStore, PoisonError } from '@caravan/event-store';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream } from './index.js';

function setUp() {
  const store = new InMemoryEventStore({ registry: eventRegistry(notebookEvents) });
  const handle = handleCommand({ store, decider: notebook, stream: ({ notebookId }) => notebookStream(notebookId) });
  const write = (notebookId: string, text: string) =>
    handle({ type: 'WriteNote', notebookId, noteId: text, text, metadata: commandMetadata() });
  return { store, write };
}
const textOf = ({ data }: { data: unknown }) => (data as { text: string }).text;

describe('a subscription in memory', () => {
  it('delivers what was and what comes, in the order of the log', async () => {
    const { store, write } = setUp();
    await write('a', '1');
    await write('b', '2');
    const seen: string[] = [];
    const late: string[] = [];
    const end = store.subscribe(async (event) => void seen.push(textOf(event)));
    store.subscribe((event) => void late.push(textOf(event)), { after: 1 });
    await write('a', '3');
    await store.settled();
    end();
    await write('a', '4');
    await store.settled();
    expect([seen, late]).toEqual([
      ['1', '2', '3'],
      ['2', '3', '4'],
    ]);
  });

  it('settles only when what the subscribers do is settled too', async () => {
    const { store, write } = setUp();
    store.subscribe(async (event) => {
      const n = Number(textOf(event));
      if (n < 5) await write('chain', String(n + 1));
    });
    await write('chain', '1');
    await store.settled();
    expect(store.position).toBe(5);
  });

  it('tells what a subscriber throws, and poison', async () => {
    const failing = setUp();
    failing.store.subscribe(() => Promise.reject(new Error('no')));
    await failing.write('a', '1');
    await expect(failing.store.settled()).rejects.toThrow('no');
    const poisoned = setUp();
    poisoned.store.appendRaw(notebookStream('a'), new Uint8Array([1]));
    poisoned.store.subscribe(() => undefined);
    await expect(poisoned.store.settled()).rejects.toThrow(PoisonError);
  });

  it('answers who waits for a stream, or lets them go', async () => {
    const { store, write } = setUp();
    const waiting = store.waitForStream(notebookStream('a'), (events) => events[1], {
      signal: new AbortController().signal,
    });
    await write('a', '1');
    await write('b', '2');
    await write('a', '3');
    expect(await waiting).toMatchObject({ position: 3 });
    const aborting = new AbortController();
    const never = store.waitForStream(notebookStream('c'), (events) => events[0], { signal: aborting.signal });
    aborting.abort();
    expect(await never).toBeUndefined();
  });
});
