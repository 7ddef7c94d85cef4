import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { jetstreamManager } from '@nats-io/jetstream';
import { eventRegistry, NotYet, reactTo } from '@caravan/event-store';
import { LOG_STREAM } from '@caravan/event-store/jetstream';
import { eventually } from '../eventually.js';
import { notebookEvents, NoteWritten } from './index.js';
import { Reacting } from './reacting.fixture.js';

const reacting = new Reacting();
const { react, until, write } = reacting;

describe('a reaction', () => {
  it('handles what was and what comes, once, each stream in its order', async () => {
    for (let n = 0; n < 20; n++) await write(`n${n % 4}`, `old-${n}`);
    react(async () => sleep(Math.random() * 10));
    for (let n = 0; n < 20; n++) await write(`n${n % 4}`, `new-${n}`);
    await until('40 handled', () => reacting.handled.length >= 40);
    await sleep(100);
    expect(reacting.handled).toHaveLength(40);
    for (let stream = 0; stream < 4; stream++) {
      const numbers = (age: string) => [0, 1, 2, 3, 4].map((n) => `${age}-${n * 4 + stream}`);
      const ofStream = reacting.handled.filter((text) => Number(text.slice(4)) % 4 === stream);
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
    await until('12 handled', () => reacting.handled.length === 12);
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
    reacting.nc.subscribe('$JS.ACK.>', {
      callback: (_error, message) => {
        const delay = /"delay":(\d+)/.exec(message.string())?.[1];
        if (delay !== undefined && /\.spec-notes\.\d+\.1\./.test(message.subject)) asked.push(Number(delay) / 1e6);
      },
    });
    await write('n1', 'bad');
    await write('n1', 'behind');
    await write('n2', 'other');
    await until('the other stream goes on', () => reacting.handled.includes('other'));
    await until('it has failed three times', () => asked.length >= 3);
    expect(reacting.handled).toEqual(['other']);
    expect(consumer.failing).toMatchObject([{ position: 1, reason: 'not today' }]);
    today = true;
    await until('3 handled', () => reacting.handled.length === 3);
    expect(reacting.handled).toEqual(['other', 'bad', 'behind']);
    const delays = attempts.slice(1).map((at, index) => at - attempts[index]!);
    expect(delays[0]).toBeGreaterThanOrEqual(35);
    expect(delays[2]).toBeGreaterThanOrEqual(asked[2]! - 5);
    expect(asked[2]).toBeGreaterThan(asked[0]! * 2);
    expect(consumer.failing).toEqual([]);
    expect(await reacting.quarantine.list()).toEqual([]);
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
    await until('1 handled', () => reacting.handled.length === 1);
    expect([calls, consumer.failing, reacting.problems]).toEqual([8, [], []]);
    expect(await reacting.quarantine.list()).toEqual([]);
  });

  it('loses nothing when nats-server is killed and starts again', async () => {
    react(async () => sleep(5));
    for (let n = 0; n < 30; n++) await write(`n${n % 5}`, `${n}`);
    await reacting.nats.kill();
    await reacting.nats.restart();
    // Whose connection was lost for a second is refused until it is back.
    const writeAgain = (n: number) => write(`n${n % 5}`, `${n}`).catch(() => undefined);
    for (let n = 30; n < 60; n++) await eventually(`${n} is written`, () => writeAgain(n));
    await until('all 60', () => new Set(reacting.handled).size === 60);
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
    await until('20 handled', () => reacting.handled.length >= 20);
    await one.stop();
    const stopped = by.filter((entry) => entry.startsWith('one')).length;
    await until('40 handled', () => reacting.handled.length >= 40);
    await write('n1', 'after');
    await until('the last one', () => reacting.handled.includes('after'));
    expect(reacting.handled).toHaveLength(41);
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
      await until('it is handled', () => reacting.handled.includes(text));
      await sleep(1_200);
      times.push(begun.filter((each) => each === text).length);
    }
    expect(times).toContain(1);
  });

  it('begins where it is told, and follows its handlers to other aggregates', async () => {
    await write('n1', 'old');
    const consumer = react(undefined, { from: 'now' });
    const { consumers: known } = await jetstreamManager(reacting.nc);
    await until('its durable is there', () => known.info(LOG_STREAM, 'spec-notes').then(Boolean, () => false));
    await write('n1', 'new');
    await until('1 handled', () => reacting.handled.length === 1);
    await consumer.stop();
    expect(reacting.handled).toEqual(['new']);
    const more = eventRegistry([
      ...notebookEvents,
      { ...NoteWritten, type: 'X', category: { context: 'trust', aggregate: 'x' } },
    ]);
    react(undefined, {
      registry: more,
      from: 'now',
      handlers: [
        reactTo(NoteWritten, async ({ data }) => void reacting.handled.push(data.text)),
        ['X', async () => undefined],
      ],
    });
    await write('n1', 'third');
    await until('2 handled', () => reacting.handled.length === 2);
    expect(reacting.problems).toEqual([]);
  });
});
