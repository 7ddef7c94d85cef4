import { describe, expect, it } from 'vitest';
import { count, Counted, handlerOf, inMemory, stream } from './counter.fixture.js';
import { LogError } from './index.js';
import type { AppendOutcome, EventStore } from './index.js';

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
    const another = handlerOf({ ...store, read: () => Promise.reject(away) });
    await expect(another(count('b'))).rejects.toBe(away);
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
