import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NatsConnection } from '@nats-io/nats-core';
import { eventRegistry } from '@caravan/event-store';
import { ensureLog, Fold, JetStreamEventStore } from '@caravan/event-store/jetstream';
import type { FoldOptions, HaltedError } from '@caravan/event-store/jetstream';
import { eventually } from '../eventually.js';
import { launchNats, LogFiles } from '../servers/index.js';
import type { TestNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebookEvents, notebookStream, NoteWritten } from './index.js';

const registry = eventRegistry(notebookEvents);
type Seen = string[];

describe('a fold', () => {
  let nats: TestNats;
  let nc: NatsConnection;
  let store: JetStreamEventStore;
  const folds: Fold<Seen>[] = [];
  const problems: Error[] = [];

  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect({ reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    await ensureLog(nc);
    store = new JetStreamEventStore(nc, { registry, timeoutMs: 5_000 });
  });
  afterEach(async () => {
    await Promise.all(folds.splice(0).map((fold) => fold.stop()));
    await nats.stop();
  });

  const fold = (more: Partial<FoldOptions<Seen>> = {}): Fold<Seen> => {
    const made = new Fold<Seen>({
      nc,
      name: 'seen',
      registry,
      initial: [],
      evolve: (seen, { data }) => {
        seen.push((data as { text: string }).text);
        return seen;
      },
      problem: (error) => problems.push(error),
      ...more,
    });
    folds.push(made);
    return made.start();
  };
  let commits = 0;
  const append = async (text: string): Promise<number> => {
    const outcome = await store.append(notebookStream(`n${++commits}`), [NoteWritten({ noteId: 'n', text })], {
      expectedRevision: 0,
      metadata: commandMetadata({ commandId: `fold-${commits}` }),
      previousHash: null,
    });
    if (outcome.outcome === 'conflict') throw new Error('conflict');
    if (outcome.outcome === 'undecided') throw new Error(outcome.reason);
    return outcome.position;
  };
  const appendMany = async (prefix: string, count: number) => {
    for (let n = 0; n < count; n += 50) {
      const some = Array.from({ length: Math.min(50, count - n) }, (_, m) => append(`${prefix}${n + m}`));
      await Promise.allSettled(some); // when one fails, none is under way any more
      await Promise.all(some);
    }
  };

  it('of an empty log has caught up at once', async () => {
    const empty = fold();
    await empty.caughtUp;
    expect(empty.state).toEqual([]);
    expect(empty.status).toEqual({ status: 'live', position: 0 });
  });

  it('catches up before it answers, and goes on live', async () => {
    await appendMany('old', 1_500);
    const told: number[] = [];
    const seen = fold({ changed: (events) => void told.push(events.length) });
    expect(() => seen.state).toThrow(/not caught up/);
    await seen.caughtUp;
    expect(seen.state).toHaveLength(1_500);
    expect(told).toEqual([]);
    const position = await append('new');
    expect(await seen.waitFor(position, 5_000)).toBe(true);
    expect(seen.state.at(-1)).toBe('new');
    expect(seen.position).toBe(position);
    expect(await seen.waitFor(position + 1, 50)).toBe(false);
    expect(told).toEqual([1]);
  });

  it('misses and doubles nothing when nats-server is killed under load and starts again', async () => {
    const seen = fold();
    await seen.caughtUp;
    await appendMany('a', 500);
    const loading = appendMany('b', 1_000).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await nats.kill();
    await nats.restart();
    await loading;
    const last = await eventually('an end is written', () => append('end').catch(() => undefined));
    expect(await seen.waitFor(last, 20_000)).toBe(true);
    const whole = fold();
    await whole.caughtUp;
    expect(seen.state).toEqual(whole.state);
    expect(seen.state.length).toBe(seen.position); // one event each: none twice, none missing
    expect(problems.length).toBeGreaterThan(0);
  });

  it('halts on poison, keeps what came before, and says where and why', async () => {
    await append('good');
    await nc.request('caravan.evt.topology.notebook.bad', '{"format":1}');
    await append('behind');
    const halts: HaltedError[] = [];
    const seen = fold({ halted: (error) => halts.push(error) });
    await seen.begun;
    await expect(seen.waitFor(3, 1_000)).rejects.toMatchObject({ code: 'consumer.halted' });
    expect(seen.status).toMatchObject({
      status: 'halted',
      position: 1,
      halt: { kind: 'garbled', position: 2, stream: 'caravan.evt.topology.notebook.bad' },
    });
    expect(halts).toHaveLength(1);
  });

  it('passes over what nothing in it handles, even if it is broken', async () => {
    await nc.request('caravan.evt.trust.unheard-of.x', 'not even JSON');
    const last = await append('good');
    const seen = fold();
    await seen.caughtUp;
    expect([seen.state, seen.position]).toEqual([['good'], last]);
  });

  it('halts on what it cannot evolve', async () => {
    await append('good');
    const seen = fold({
      evolve: () => {
        throw new TypeError('a bug');
      },
    });
    await expect(seen.caughtUp).rejects.toThrow(/position 1 .*a bug/);
  });

  it('halts before the end when the log lost that, and its server knows that there was something', async () => {
    await appendMany('a', 10);
    await nats.end();
    new LogFiles(nats.storeDir).cut('last', 10);
    await nats.restart();
    const seen = fold();
    await seen.begun;
    expect(seen.status).toMatchObject({ status: 'halted', position: 9, halt: { kind: 'log', position: 9 } });
    await expect(seen.caughtUp).rejects.toThrow(/nothing at 10: restore a whole log/);
  });

  it('halts when the log went back', async () => {
    const seen = fold();
    await appendMany('a', 10);
    await seen.waitFor(10, 5_000);
    await nats.kill();
    rmSync(nats.storeDir, { recursive: true });
    await nats.restart();
    await ensureLog(await nats.connect());
    await expect(seen.waitFor(11, 20_000)).rejects.toThrow(/ends at 0, but 10 was read before/);
  });
});
