import { beforeAll, describe, expect, it } from 'vitest';
import { getLogEntry } from '@caravan/api';
import { allEvents, BackboneNameReserved, backboneNameStream } from '@caravan/events';
import { eventRegistry } from '@caravan/event-store';
import { ensureLog, JetStreamEventStore } from '@caravan/event-store/jetstream';
import { useNats } from '@caravan/testing/servers';
import { commandMetadata } from '@caravan/testing/specification';
import { Deciders } from '../deciding/deciders.js';
import { id } from '../example.fixture.js';
import { LogEntriesController } from './log-entries.controller.js';

describe('an entry of the log, by the API', () => {
  const nats = useNats({ jetstream: true });
  let controller: LogEntriesController;
  let deciders: Deciders;
  let publish: (text: string, stream?: string) => Promise<number>;

  beforeAll(async () => {
    const nc = await nats().connect();
    await ensureLog(nc);
    const store = new JetStreamEventStore(nc);
    deciders = new Deciders(store);
    controller = new LogEntriesController(deciders, nc, eventRegistry(allEvents), store);
    publish = async (text, stream = backboneNameStream('demo')) => {
      const { seq } = (await nc.request(stream, text)).json<{ seq: number }>();
      return seq;
    };
  });

  const show = async (position: number) => {
    const call = { query: { position } } as Parameters<LogEntriesController['show']>[0];
    return getLogEntry.reply!.parse(await controller.show(call));
  };
  const passOver = (position: number, evenNewer?: boolean) => {
    const metadata = commandMetadata({ commandId: `pass over ${position} ${String(evenNewer)}` });
    const body = { position, reason: 'nobody wrote that', ...(evenNewer !== undefined && { evenNewer }) };
    return controller.passOver({ body, metadata } as Parameters<LogEntriesController['passOver']>[0]);
  };
  const reserve = (name: string, commandId: string) =>
    deciders.backboneName({
      type: 'ReserveBackboneName',
      name,
      backboneId: id('demo'),
      metadata: commandMetadata({ commandId }),
    });

  it('is shown as it lies there, with what is wrong with it', async () => {
    const position = await publish('garbage');
    expect(await show(position)).toMatchObject({
      position,
      stream: backboneNameStream('demo'),
      bytes: 7,
      text: 'garbage',
      problem: expect.stringContaining('JSON'),
      newer: false,
      passedOver: null,
    });
    await expect(show(4_711)).rejects.toMatchObject({ code: 'log-entry.not-found' });
    await expect(passOver(4_711)).rejects.toMatchObject({ code: 'log-entry.not-found' });
  });

  it('is passed over when it cannot be read: its aggregate takes commands again, and the rest is history', async () => {
    await expect(reserve('demo', 'before')).rejects.toMatchObject({ code: 'log.undecodable', position: 1 });
    const { position } = await passOver(1);
    expect((await passOver(1)).position).toBe(position); // said twice, written once
    const reserved = await reserve('demo', 'after');
    expect(reserved.events).toMatchObject([BackboneNameReserved({ name: 'demo', backboneId: id('demo') })]);
    expect((await show(1)).passedOver).toEqual({
      position,
      at: '2026-01-01T12:00:00.000Z',
      by: 'administrator spec',
      reason: 'nobody wrote that',
    });
  });

  it('is not passed over when it can be read', async () => {
    const { position } = await reserve('other', 'good');
    expect(await show(position)).toMatchObject({ problem: null, newer: false });
    await expect(passOver(position)).rejects.toMatchObject({ code: 'log-entry.readable' });
    await expect(passOver(position, true)).rejects.toMatchObject({ code: 'log-entry.readable' });
  });

  it('is not passed over when another version may read it, unless that is said not to exist', async () => {
    const store = new JetStreamEventStore(await nats().connect());
    const { events } = await store.read(backboneNameStream('other'));
    const { metadata, at } = events[0]!;
    const event = { type: 'BackboneNameSold', version: 1, data: {} };
    const commit = { format: 1, ...metadata, previous: null, at, events: [event] };
    const position = await publish(JSON.stringify(commit), backboneNameStream('third'));
    expect(await show(position)).toMatchObject({ problem: 'no event BackboneNameSold is declared', newer: true });
    await expect(passOver(position)).rejects.toMatchObject({ code: 'log-entry.newer' });
    await passOver(position, true);
    await reserve('third', 'after the sale');
  });
});
