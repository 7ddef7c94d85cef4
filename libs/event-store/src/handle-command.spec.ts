import { describe, expect, it } from '@jest/globals';
import { commitSchema, eventsOf, LogEntryPassedOver, logEntryStream, streamName } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import {
  commitHash,
  eventRegistry,
  handleCommand,
  InMemoryEventStore,
  LogError,
  Rejection,
  stateCache,
} from './index.js';
import type { AppendOutcome, CommandMetadata, Decider, DeclaredEvent, EventStore } from './index.js';

const category = { context: 'topology', aggregate: 'counter' } as const;
const Counted = eventsOf(category)({ type: 'Counted', schema: commitSchema.shape.causationId });
const counterEvents = [Counted] as const satisfies readonly DeclaredEvent[];
type Counter = Map<string, number>;
interface Count {
  readonly key: string;
  readonly limit?: number;
  readonly metadata: CommandMetadata;
}

let evolved = 0;
const counter: Decider<Counter, Count, EventOf<typeof Counted>> = {
  initial: () => new Map(),
  decide({ key, limit = Infinity }, counts) {
    if (key === 'nothing') return [];
    if (counts.size >= limit && !counts.has(key)) throw new Rejection('counter.full', { limit });
    return [Counted(key)];
  },
  evolve(counts, { data }) {
    evolved++;
    if (data === 'bomb') throw new Error('bomb');
    return counts.set(data, (counts.get(data) ?? 0) + 1);
  },
};

const registry = eventRegistry(counterEvents);
const stream = streamName(category, 'c1');
let ids = 0;
const count = (key: string, { commandId = `id-${++ids}`, actor = 'a', limit = Infinity } = {}): Count => ({
  key,
  limit,
  metadata: {
    commandId,
    now: new Date(0),
    actor: { kind: 'user', id: actor },
    via: 'api',
    source: 'spec',
    correlationId: 'c',
    causationId: 'c',
    ownerGroup: null,
  },
});

const handlerOf = (store: EventStore, more: { attempts?: number; opens?: () => boolean } = {}) =>
  handleCommand({ store, decider: counter, stream: () => stream, ...more });
const inMemory = (duplicateWindow = true) => new InMemoryEventStore({ registry, duplicateWindow });

/** A store whose appends first answer with these, as a log under pressure does. */
function troubled(store: EventStore, ...troubles: (() => Promise<AppendOutcome>)[]) {
  const pauses: number[] = [];
  const wrapped: EventStore = {
    read: (...args) => store.read(...args),
    append: (...args) => troubles.shift()?.() ?? store.append(...args),
    pause: async (attempt) => void pauses.push(attempt),
  };
  return { store: wrapped, pauses };
}
const conflict = async (): Promise<AppendOutcome> => ({ outcome: 'conflict' });
const undecided = async (): Promise<AppendOutcome> => ({ outcome: 'undecided', reason: 'another write is in flight' });

describe('handleCommand', () => {
  it('gives the events, where they can be read, and the state', async () => {
    const handle = handlerOf(inMemory());
    await handle(count('a'));
    const { events, position, revision, state, duplicate } = await handle(count('b'));
    expect(events).toMatchObject([{ type: 'Counted', data: 'b', stream, position: 2, index: 0 }]);
    expect({ position, revision, duplicate }).toEqual({ position: 2, revision: 2, duplicate: false });
    expect([...state.keys()]).toEqual(['a', 'b']);
  });

  it('appends nothing when there is nothing to do', async () => {
    const store = inMemory();
    const handle = handlerOf(store);
    await handle(count('a'));
    expect(await handle(count('nothing'))).toMatchObject({ events: [], position: 1, revision: 1 });
    expect(store.position).toBe(1);
  });

  it('passes on a rejection, and goes on', async () => {
    const handle = handlerOf(inMemory());
    await handle(count('a', { limit: 1 }));
    await expect(handle(count('b', { limit: 1 }))).rejects.toMatchObject({
      code: 'counter.full',
      details: { limit: 1 },
    });
    expect((await handle(count('a', { limit: 1 }))).state.get('a')).toBe(2);
  });

  it('decides again with what another process appended', async () => {
    const store = inMemory();
    const [here, there] = [handlerOf(store), handlerOf(store)];
    await here(count('a'));
    await there(count('b'));
    expect([...(await here(count('c'))).state.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('never exceeds a limit under many writers in several processes', async () => {
    const store = inMemory();
    const handlers = Array.from({ length: 4 }, () => handlerOf(store, { attempts: 100 }));
    const claims = Array.from({ length: 50 }, (_, n) => handlers[n % 4]!(count(`k${n}`, { limit: 5 })));
    const outcomes = await Promise.allSettled(claims);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refusals = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refusals.every((reason) => reason instanceof Rejection && reason.code === 'counter.full')).toBe(true);
    expect(store.position).toBe(5);
  });

  it.each([true, false])('gives a resend its first answer (duplicate window: %s)', async (window) => {
    const store = inMemory(window);
    const [here, there] = [handlerOf(store), handlerOf(store)];
    const first = await here(count('a', { commandId: 'once' }));
    await here(count('b'));
    for (const handle of [here, there]) {
      const again = await handle(count('other', { commandId: 'once' }));
      expect(again).toMatchObject({ events: first.events, position: 1, revision: 1, duplicate: true });
    }
    expect(store.position).toBe(2);
  });

  it('decides behind a commit that is passed over, whether it is the first or a later one', async () => {
    const store = new InMemoryEventStore({ registry: eventRegistry([...counterEvents, LogEntryPassedOver]) });
    const handle = handlerOf(store);
    for (const key of ['a', 'b']) {
      const garbage = new TextEncoder().encode(`garbage before ${key}`);
      const position = store.appendRaw(stream, garbage);
      await expect(handle(count(key))).rejects.toMatchObject({ code: 'log.undecodable', position });
      const mark = LogEntryPassedOver({ position, stream, hash: commitHash(garbage), problem: 'not JSON' });
      const { metadata } = count('mark');
      await store.append(logEntryStream(position), [mark], { expectedRevision: 0, previousHash: null, metadata });
      await handle(count(key));
    }
    expect((await handle(count('nothing'))).state).toEqual(
      new Map([
        ['a', 1],
        ['b', 1],
      ]),
    );
  });

  it('refuses an id that belongs to somebody else', async () => {
    const handle = handlerOf(inMemory());
    await handle(count('a', { commandId: 'mine', actor: 'me' }));
    const theirs = count('a', { commandId: 'mine', actor: 'you' });
    await expect(handle(theirs)).rejects.toMatchObject({ code: 'command.id-reused' });
  });
});

describe('what is remembered of a stream', () => {
  const counted = (store: EventStore) => {
    const calls = { reads: 0, appends: 0 };
    const counting: EventStore = {
      read: (...args) => (calls.reads++, store.read(...args)),
      append: (...args) => (calls.appends++, store.append(...args)),
      pause: (attempt) => store.pause(attempt),
    };
    return { counting, calls };
  };

  it('is decided on without a look, since the append finds out', async () => {
    const { counting, calls } = counted(inMemory());
    const handle = handlerOf(counting);
    for (const key of ['a', 'b', 'c']) await handle(count(key));
    expect(calls).toEqual({ reads: 1, appends: 3 });
  });

  it('is looked at again when the append finds that it is old', async () => {
    const store = inMemory();
    const { counting, calls } = counted(store);
    const [here, there] = [handlerOf(counting), handlerOf(store)];
    await here(count('a'));
    await there(count('b'));
    expect([...(await here(count('c'))).state.keys()]).toEqual(['a', 'b', 'c']);
    expect(calls).toEqual({ reads: 2, appends: 3 });
  });

  it('refuses nothing and says of nothing that it is done', async () => {
    const store = inMemory();
    const [here, there] = [handlerOf(store), handlerOf(store)];
    await here(count('a', { limit: 1 }));
    await there(count('b'));
    // By what is remembered here it is full, and `b` is not there.
    expect((await here(count('b', { limit: 1 }))).state.get('b')).toBe(2);
    await there(count('c'));
    expect(await here(count('nothing'))).toMatchObject({ events: [], position: 4 });
  });

  it('is nothing of a stream that a command opens: it is not looked for', async () => {
    const store = inMemory();
    const { counting, calls } = counted(store);
    const opens = () => true;
    expect(await handlerOf(counting, { opens })(count('a'))).toMatchObject({ position: 1 });
    expect(calls).toEqual({ reads: 0, appends: 1 });
    // Another process, to which it is as new, and which is not the first.
    expect((await handlerOf(counting, { opens })(count('a'))).state.get('a')).toBe(2);
    expect(calls).toEqual({ reads: 1, appends: 3 });
  });

  it('gives a resend its first answer', async () => {
    const store = inMemory(false);
    const [here, there] = [handlerOf(store), handlerOf(store)];
    await here(count('a'));
    const first = await there(count('b', { commandId: 'once' }));
    expect(await here(count('b', { commandId: 'once' }))).toMatchObject({ events: first.events, duplicate: true });
    expect(store.position).toBe(2);
  });
});

describe('an append that fails', () => {
  it('is tried again after conflicts and undecided ones, with growing pauses', async () => {
    const { store, pauses } = troubled(inMemory(), conflict, undecided, conflict);
    expect(await handlerOf(store)(count('a'))).toMatchObject({ position: 1 });
    expect(pauses).toEqual([1, 2, 3]);
  });

  it('that was stored after all has no second effect', async () => {
    const log = inMemory(false);
    const command = count('a');
    const storedButUnknown = async (): Promise<AppendOutcome> => {
      await log.append(stream, [Counted('a')], { expectedRevision: 0, metadata: command.metadata, previousHash: null });
      return { outcome: 'undecided', reason: 'timeout' };
    };
    const { store } = troubled(log, storedButUnknown);
    expect(await handlerOf(store)(command)).toMatchObject({ position: 1, duplicate: true });
    expect(log.position).toBe(1);
  });

  it('is given up at last, in words that are not the user’s fault', async () => {
    const contended = troubled(inMemory(), conflict, conflict).store;
    await expect(handlerOf(contended, { attempts: 2 })(count('a'))).rejects.toMatchObject({ code: 'log.contended' });
    const unknown = troubled(inMemory(), undecided, undecided).store;
    await expect(handlerOf(unknown, { attempts: 2 })(count('a'))).rejects.toMatchObject({ code: 'log.unavailable' });
  });

  it('is not known to have failed when the log cannot be read after it, and may be stored still', async () => {
    const away = new LogError('log.unavailable', 'cannot read');
    const { store } = troubled(inMemory(), undecided);
    let isAway = false;
    const handle = handlerOf({
      ...store,
      append: (...args) => ((isAway = true), store.append(...args)),
      read: (...args) => (isAway ? Promise.reject(away) : store.read(...args)),
    });
    const message = expect.stringContaining('it is not known whether a command');
    await expect(handle(count('a'))).rejects.toMatchObject({ code: 'log.unavailable', message, cause: away });
    // Nothing of this one was under way.
    await expect(handle(count('b'))).rejects.toBe(away);
  });

  it('never leaves a cached state that has evolved', async () => {
    const refused = async (): Promise<AppendOutcome> => Promise.reject(new Error('disk full'));
    const { store } = troubled(inMemory(), refused, undecided);
    const handle = handlerOf(store, { attempts: 1 });
    await expect(handle(count('x'))).rejects.toThrow('disk full');
    await expect(handle(count('y'))).rejects.toMatchObject({ code: 'log.unavailable' });
    expect([...(await handle(count('z'))).state.keys()]).toEqual(['z']);
  });

  it('in evolve forgets the half-evolved state', async () => {
    const log = inMemory();
    const handle = handlerOf(log);
    await handle(count('a'));
    await expect(handle(count('bomb'))).rejects.toThrow('bomb'); // it is in the log, so the stream stays broken ...
    await expect(handle(count('b'))).rejects.toThrow('bomb'); // ... and is never answered from what was left of the state
  });
});

describe('the cache', () => {
  it('evolves each event once, however many commands follow', async () => {
    const handle = handlerOf(inMemory());
    evolved = 0;
    for (let n = 0; n < 100; n++) await handle(count(`k${n}`));
    expect(evolved).toBe(100);
  });

  it('keeps the streams used last', () => {
    const cache = stateCache<number>({ maxStreams: 2 });
    const cached = (state: number) => ({ state, revision: 1, lastCommitHash: null, commands: new Map() });
    for (const [stream, state] of [['a', 1], ['b', 2]] as const) cache.put(stream, cached(state)); // prettier-ignore
    cache.put('a', cache.take('a')!);
    cache.put('c', cached(3));
    expect(['a', 'b', 'c'].map((stream) => cache.take(stream)?.state)).toEqual([1, undefined, 3]);
  });

  it('makes 10,000 claims on one stream no dearer each than 1,000', async () => {
    const cost = async (claims: number): Promise<number> => {
      const handle = handlerOf(inMemory());
      const before = process.cpuUsage();
      for (let n = 0; n < claims; n++) await handle(count(`k${n}`));
      const { user, system } = process.cpuUsage(before);
      return (user + system) / claims;
    };
    await cost(1_000); // warm
    const [few, many] = [await cost(1_000), await cost(10_000)];
    expect(many).toBeLessThan(few * 3); // quadratic would be ten times
  });
});
