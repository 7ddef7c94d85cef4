import { describe, expect, it } from 'vitest';
import { LogEntryPassedOver, logEntryStream } from '@caravan/events';
import { count, counterEvents, handlerOf, inMemory, stream } from './counter.fixture.js';
import { commitHash, eventRegistry, InMemoryEventStore, Rejection } from './index.js';

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
