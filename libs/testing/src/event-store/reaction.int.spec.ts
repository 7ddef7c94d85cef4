import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import {
  eventRegistry,
  handleCommand,
  InMemoryQuarantine,
  NotYet,
  PermanentFailure,
  reactTo,
} from '@caravan/event-store';
import { ensureLog, JetStreamEventStore, LOG_STREAM, ReactionConsumer } from '@caravan/event-store/jetstream';
import type { ReactionOptions } from '@caravan/event-store/jetstream';
import { eventually } from '../eventually.js';
import { launchNats } from '../servers/index.js';
import type { TestNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream, NoteRemoved, NoteWritten } from './index.js';

const registry = eventRegistry(notebookEvents);

describe('a reaction', () => {
  let nats: TestNats;
  let nc: NatsConnection;
  let write: (notebookId: string, text: string) => Promise<number>;
  let quarantine: InMemoryQuarantine;
  let handled: string[];
  let problems: string[];
  const consumers: ReactionConsumer[] = [];

  beforeEach(async () => {
    nats = await launchNats({ jetstream: true });
    nc = await nats.connect({ reconnectTimeWait: 50, maxReconnectAttempts: -1 });
    await ensureLog(nc);
    const store = new JetStreamEventStore(nc, { registry });
    const handle = handleCommand({ store, decider: notebook, stream: ({ notebookId }) => notebookStream(notebookId) });
    write = async (notebookId, text) => {
      const metadata = commandMetadata({ commandId: randomUUID() });
      return (await handle({ type: 'WriteNote', notebookId, noteId: text, text, metadata })).position;
    };
    [quarantine, handled, problems] = [new InMemoryQuarantine(), [], []];
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    await nats.stop();
  });

  const react = (
    handler: (text: string) => Promise<void> | void = () => undefined,
    more: Partial<ReactionOptions> = {},
  ): ReactionConsumer => {
    const consumer = new ReactionConsumer({
      nc,
      durable: 'spec-notes',
      registry,
      quarantine,
      backoffMs: { first: 50, longest: 400 },
      problem: (error) => problems.push(error.message),
      handlers: [
        reactTo(NoteWritten, async ({ data: { text } }) => {
          await handler(text);
          handled.push(text);
        }),
      ],
      ...more,
    });
    consumers.push(consumer);
    return consumer.start();
  };
  const until = (what: string, met: () => boolean | Promise<boolean>): Promise<true> =>
    eventually(() => `${what}; handled ${JSON.stringify(handled)}, ${problems.join()}`, met, { everyMs: 10 });

  it('handles what was and what comes, once, each stream in its order', async () => {
    for (let n = 0; n < 20; n++) await write(`n${n % 4}`, `old-${n}`);
    react(async () => sleep(Math.random() * 10));
    for (let n = 0; n < 20; n++) await write(`n${n % 4}`, `new-${n}`);
    await until('40 handled', () => handled.length >= 40);
    await sleep(100);
    expect(handled).toHaveLength(40);
    for (let stream = 0; stream < 4; stream++) {
      const numbers = (age: string) => [0, 1, 2, 3, 4].map((n) => `${age}-${n * 4 + stream}`);
      const ofStream = handled.filter((text) => Number(text.slice(4)) % 4 === stream);
      expect(ofStream).toEqual([...numbers('old'), ...numbers('new')]);
    }
  });

  it('works on several streams at once, and on no more than it may', async () => {
    let [now, most] = [0, 0];
    for (let n = 0; n < 12; n++) await write(`n${n}`, `${n}`);
    react(
      async () => {
        most = Math.max(most, ++now);
        await eventually('three are at work', () => most >= 3);
        await sleep(30);
        now--;
      },
      { concurrency: 3 },
    );
    await until('12 handled', () => handled.length === 12);
    expect(most).toBe(3);
  });

  it('tries again with a growing delay; the stream waits, others do not', async () => {
    const attempts: number[] = [];
    let today = false;
    const consumer = react((text) => {
      if (text !== 'bad') return;
      attempts.push(Date.now());
      if (!today) throw new Error('not today');
    });
    // The delays that are asked of the server; how long it takes then is also the machine's affair.
    const asked: number[] = [];
    nc.subscribe('$JS.ACK.>', {
      callback: (_error, message) => {
        const delay = /"delay":(\d+)/.exec(message.string())?.[1];
        if (delay !== undefined && /\.spec-notes\.\d+\.1\./.test(message.subject)) asked.push(Number(delay) / 1e6);
      },
    });
    await write('n1', 'bad');
    await write('n1', 'behind');
    await write('n2', 'other');
    await until('the other stream goes on', () => handled.includes('other'));
    await until('it has failed three times', () => asked.length >= 3);
    expect(handled).toEqual(['other']);
    expect(consumer.failing).toMatchObject([{ position: 1, reason: 'not today' }]);
    today = true;
    await until('3 handled', () => handled.length === 3);
    expect(handled).toEqual(['other', 'bad', 'behind']);
    const delays = attempts.slice(1).map((at, index) => at - attempts[index]!);
    expect(delays[0]).toBeGreaterThanOrEqual(35);
    expect(delays[2]).toBeGreaterThanOrEqual(asked[2]! - 5);
    expect(asked[2]).toBeGreaterThan(asked[0]! * 2);
    expect(consumer.failing).toEqual([]);
    expect(await quarantine.list()).toEqual([]);
  });

  it('waits for what is not there yet without counting it', async () => {
    let calls = 0;
    const consumer = react(
      () => {
        if (++calls < 8) throw new NotYet('the key is not there', 20);
      },
      { quarantineAfter: 3 },
    );
    await write('n1', 'patient');
    await until('1 handled', () => handled.length === 1);
    expect([calls, consumer.failing, problems]).toEqual([8, [], []]);
    expect(await quarantine.list()).toEqual([]);
  });

  it('puts poison aside and goes on, and handles it when it is repaired', async () => {
    let repaired = false;
    const consumer = react(
      (text) => {
        if (text === 'never' && !repaired) throw new PermanentFailure('no such notebook');
        if (text === 'stubborn') throw new Error('again');
      },
      { quarantineAfter: 2 },
    );
    await nc.request('caravan.evt.topology.notebook.n1', '{"format":1}');
    await write('n2', 'never');
    await write('n2', 'good');
    await write('n3', 'stubborn');
    await until('three in quarantine', async () => (await quarantine.list('spec-notes')).length === 3);
    await until('1 handled', () => handled.length === 1);
    const entries = await quarantine.list();
    expect(entries.map(({ position, stream }) => [position, stream.at(-1)])).toEqual([
      [1, '1'],
      [2, '2'],
      [4, '3'],
    ]);
    expect(entries[0]!.reason).toMatch(/no commit/);
    expect(entries[1]!.reason).toBe('no such notebook');
    expect(entries[2]!.reason).toMatch(/2 failures, the last: again/);
    await expect(consumer.handleAgain(2)).rejects.toThrow('no such notebook');
    repaired = true;
    await consumer.handleAgain(2);
    expect(handled).toEqual(['good', 'never']);
    await expect(consumer.handleAgain(99)).rejects.toMatchObject({ code: 'log.missing' });
    expect((await quarantine.list()).map(({ position }) => position)).toEqual([1, 2, 4]); // whoever repairs takes it out
    await quarantine.resolve('spec-notes', 2);
    expect((await quarantine.list()).map(({ position }) => position)).toEqual([1, 4]);
  });

  it('does not pass poison that it cannot record', async () => {
    let away = true;
    const record = quarantine.record.bind(quarantine);
    quarantine.record = async (entry) => (away ? Promise.reject(new Error('no database')) : record(entry));
    react(() => {
      throw new PermanentFailure('never');
    });
    await write('n1', 'bad');
    await until('it cannot be recorded', () => problems.some((problem) => problem.includes('no database')));
    expect(await quarantine.list()).toEqual([]);
    away = false;
    await until('one in quarantine', async () => (await quarantine.list()).length === 1);
  });

  it('is handled again whole when a later event of the commit fails', async () => {
    let failed = false;
    react(undefined, {
      handlers: [
        reactTo(NoteRemoved, async ({ data }) => {
          handled.push(`-${data.noteId}`);
          if (failed || data.noteId !== 'b') return;
          failed = true;
          throw new Error('once');
        }),
      ],
    });
    await write('n1', 'a');
    await write('n1', 'b');
    const handle = handleCommand({
      store: new JetStreamEventStore(nc, { registry }),
      decider: notebook,
      stream: () => notebookStream('n1'),
    });
    await handle({ type: 'RemoveAllNotes', notebookId: 'n1', metadata: commandMetadata({ commandId: randomUUID() }) });
    await until('4 handled', () => handled.length === 4);
    expect(handled).toEqual(['-a', '-b', '-a', '-b']);
  });

  it('loses nothing when nats-server is killed and starts again', async () => {
    react(async () => sleep(5));
    for (let n = 0; n < 30; n++) await write(`n${n % 5}`, `${n}`);
    await nats.kill();
    await nats.restart();
    // Whose connection was lost for a second is refused until it is back.
    const writeAgain = (n: number) => write(`n${n % 5}`, `${n}`).catch(() => undefined);
    for (let n = 30; n < 60; n++) await eventually(`${n} is written`, () => writeAgain(n));
    await until('all 60', () => new Set(handled).size === 60);
  });

  it('is shared by replicas: each commit goes to one, and one takes over when another stops', async () => {
    const by: string[] = [];
    const atWork = new Set<string>();
    const replica = (name: string) =>
      react(
        async (text) => {
          atWork.add(name);
          await eventually('both have something', () => atWork.size === 2);
          await sleep(20);
          by.push(`${name} ${text}`);
        },
        { concurrency: 4 },
      );
    const one = replica('one');
    replica('two');
    for (let n = 0; n < 40; n++) await write(`n${n}`, `${n}`);
    await until('20 handled', () => handled.length >= 20);
    await one.stop();
    const stopped = by.filter((entry) => entry.startsWith('one')).length;
    await until('40 handled', () => handled.length >= 40);
    await write('n1', 'after');
    await until('the last one', () => handled.includes('after'));
    expect(handled).toHaveLength(41);
    expect(stopped).toBeGreaterThan(0);
    expect(by.filter((entry) => entry.startsWith('one'))).toHaveLength(stopped);
    expect(by.filter((entry) => entry.startsWith('two')).length).toBeGreaterThan(0);
  });

  it('keeps what takes long from other replicas by signs of life', async () => {
    const begun: string[] = [];
    react(async (text) => void (begun.push(text), await sleep(2_500)), { ackWaitMs: 1_000 });
    // Where the machine stands still for a second there is no sign of life either: then once more.
    const times: number[] = [];
    while (!times.includes(1) && times.length < 3) {
      const text = `slow ${times.length}`;
      await write('n1', text);
      await until('it is handled', () => handled.includes(text));
      await sleep(1_200);
      times.push(begun.filter((each) => each === text).length);
    }
    expect(times).toContain(1);
  });

  it('begins where it is told, and follows its handlers to other aggregates', async () => {
    await write('n1', 'old');
    const consumer = react(undefined, { from: 'now' });
    const { consumers: known } = await jetstreamManager(nc);
    await until('its durable is there', () => known.info(LOG_STREAM, 'spec-notes').then(Boolean, () => false));
    await write('n1', 'new');
    await until('1 handled', () => handled.length === 1);
    await consumer.stop();
    expect(handled).toEqual(['new']);
    const more = eventRegistry([
      ...notebookEvents,
      { ...NoteWritten, type: 'X', category: { context: 'trust', aggregate: 'x' } },
    ]);
    react(undefined, {
      registry: more,
      from: 'now',
      handlers: [reactTo(NoteWritten, async ({ data }) => void handled.push(data.text)), ['X', async () => undefined]],
    });
    await write('n1', 'third');
    await until('2 handled', () => handled.length === 2);
    expect(problems).toEqual([]);
  });
});
