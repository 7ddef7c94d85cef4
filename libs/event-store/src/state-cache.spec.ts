import { describe, expect, it } from 'vitest';
import { count, evolved, handlerOf, inMemory } from './counter.fixture.js';
import { LogError, stateCache } from './index.js';
import type { EventStore } from './index.js';

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

  it('is still known when the look at it failed: a log that lost it would pass for a right one', async () => {
    const store = inMemory();
    const there = handlerOf(store);
    const here = { isAway: false, after: [] as unknown[] };
    const handle = handlerOf({
      read: (of, options) => {
        here.after.push(options?.after);
        return here.isAway ? Promise.reject(new LogError('log.unavailable', 'away')) : store.read(of, options);
      },
      append: (...args) => store.append(...args),
      pause: () => store.pause(),
    });
    await handle(count('a'));
    await there(count('b'));
    here.isAway = true;
    await expect(handle(count('c'))).rejects.toMatchObject({ code: 'log.unavailable' });
    here.isAway = false;
    expect([...(await handle(count('c'))).state.keys()]).toEqual(['a', 'b', 'c']);
    expect(here.after).toEqual([0, 1, 1]);
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

describe('the cache', () => {
  it('evolves each event once, however many commands follow', async () => {
    const handle = handlerOf(inMemory());
    evolved.events = 0;
    for (let n = 0; n < 100; n++) await handle(count(`k${n}`));
    expect(evolved.events).toBe(100);
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
