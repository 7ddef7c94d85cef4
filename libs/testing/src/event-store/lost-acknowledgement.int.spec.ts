import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventRegistry, handleCommand } from '@caravan/event-store';
import type { EventStore } from '@caravan/event-store';
import { createLog, JetStreamEventStore } from '@caravan/event-store/jetstream';
import { eventually } from '../eventually.js';
import { useNats } from '../servers/index.js';
import { commandMetadata } from '../specification/index.js';
import { notebook, notebookEvents, notebookStream } from './index.js';
import type { WriteNote } from './index.js';

const registry = eventRegistry(notebookEvents);

/** Between a client and its server: what the server says can be kept from the client. */
class Line {
  private readonly sockets = new Set<Socket>();
  private deaf = false;
  private readonly server: Server;

  constructor(private readonly to: number) {
    this.server = createServer((client) => {
      const server = connect(this.to, '127.0.0.1');
      for (const socket of [client, server]) this.sockets.add(socket.on('error', () => socket.destroy()));
      client.pipe(server);
      server.on('data', (data) => void (this.deaf || client.write(data)));
      server.on('close', () => client.destroy());
      client.on('close', () => server.destroy());
    });
  }

  async open(): Promise<number> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  hearNothing(): void {
    this.deaf = true;
  }

  /** Again; what was kept from the client is lost, and the stream of bytes with it unless it was whole messages. */
  hear(): void {
    this.deaf = false;
  }

  /** Whatever was kept is lost; the client may come again. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.deaf = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

describe('an append whose acknowledgement is lost', () => {
  const nats = useNats({ jetstream: true });
  let line: Line;
  let through: JetStreamEventStore;
  let direct: JetStreamEventStore;
  beforeAll(async () => {
    line = new Line(nats().port);
    const servers = `127.0.0.1:${await line.open()}`;
    const beside = await nats().connect();
    await createLog(beside);
    direct = new JetStreamEventStore(beside, { registry });
    const connection = await nats().connect({ servers, reconnectTimeWait: 20, maxReconnectAttempts: -1 });
    through = new JetStreamEventStore(connection, { registry, timeoutMs: 1_000 });
  });
  afterAll(() => line.close());

  const stream = notebookStream('a');
  const write = (commandId: string): WriteNote => ({
    type: 'WriteNote',
    notebookId: 'a',
    noteId: commandId,
    text: 'once',
    metadata: commandMetadata({ commandId }),
  });
  /** The store, seen by one who hears nothing from the first append on. */
  const deaf = (): EventStore => {
    let appended = false;
    return {
      read: (...args) => through.read(...args),
      pause: (attempt) => through.pause(attempt),
      append: (...args) => {
        if (!appended) line.hearNothing();
        appended = true;
        return through.append(...args);
      },
    };
  };
  const handlerOf = (store: EventStore) => handleCommand({ store, decider: notebook, stream: () => stream });
  const stored = (more: number) =>
    eventually('the commit is stored', async () => {
      const { events } = await direct.read(stream);
      return events.length === more;
    });

  it('is one that is not heard of when nothing is lost', async () => {
    expect(await handlerOf(through)(write('heard'))).toMatchObject({ duplicate: false });
  });

  it('has one effect: the command is found in the log and gets its first answer', async () => {
    const handled = handlerOf(deaf())(write('unheard'));
    await stored(2);
    line.cut();
    expect(await handled).toMatchObject({ duplicate: true, position: 2, events: [{ data: { noteId: 'unheard' } }] });
    expect((await direct.read(stream)).events).toHaveLength(2);
  });

  it('is no conflict, also when the acknowledgement never comes and the connection stays', async () => {
    const handled = handlerOf(deaf())(write('unheard again'));
    await stored(3);
    setTimeout(() => line.hear(), 1_500);
    expect(await handled).toMatchObject({ duplicate: true, position: 3 });
    expect((await direct.read(stream)).events).toHaveLength(3);
  });
});
