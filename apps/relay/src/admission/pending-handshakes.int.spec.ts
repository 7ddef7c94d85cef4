import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { PendingHandshakes } from './pending-handshakes.js';

describe('handshakes that do not come to their end', () => {
  const sockets: Socket[] = [];
  let stop = (): void => undefined;
  let port = 0;

  /** What the access point would be told: who was given up, and what failed by itself. */
  async function listen(most: { count: number; ms: number }) {
    const told = { given: [] as string[], reported: [] as string[] };
    const pending = new PendingHandshakes(most, (code) => told.given.push(code));
    const tls = createTlsServer({ SNICallback: (_, done) => done(new Error('nobody is at home')) });
    tls.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      socket.destroy();
      if (!pending.wasGivenUp(error)) told.reported.push(String(error.code));
    });
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      pending.add(socket);
      tls.emit('connection', socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    stop = () => {
      pending.close();
      server.close();
    };
    return told;
  }
  /** Begins a TLS record, and goes on a byte at a time. */
  const dial = async (dripMs?: number): Promise<{ readonly ended: Promise<unknown> }> => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    if (dripMs !== undefined) {
      socket.write(Buffer.from('1603010200', 'hex'));
      const dripping = setInterval(() => socket.writable && socket.write(Buffer.of(1)), dripMs);
      socket.once('close', () => clearInterval(dripping));
    }
    return { ended: new Promise((resolve) => socket.once('close', resolve)) };
  };
  afterEach(() => {
    stop();
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  it.each([
    ['say nothing', undefined],
    ['say a byte now and then', 20],
  ])('are ended in time when their peers %s, and counted once', async (_, dripMs) => {
    const told = await listen({ count: 3, ms: 300 });
    const started = performance.now();
    const both = [await dial(dripMs), await dial(dripMs)];
    await Promise.all(both.map(({ ended }) => ended));
    expect(performance.now() - started).toBeGreaterThan(250);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual({ given: ['handshake.too-slow', 'handshake.too-slow'], reported: [] });
  });

  it('give way to the newest, the oldest first', async () => {
    const { given } = await listen({ count: 3, ms: 60_000 });
    const [first] = [await dial(), await dial(), await dial()];
    await dial();
    await first.ended;
    expect(given).toEqual(['handshake.too-many']);
  });

  it('are reported as they failed when nobody gave them up', async () => {
    const { given, reported } = await listen({ count: 3, ms: 60_000 });
    const { ended } = await dial();
    sockets.at(-1)!.write('GET / HTTP/1.1\r\n\r\n');
    await ended;
    expect(given).toEqual([]);
    expect(reported).toEqual(['ERR_SSL_HTTP_REQUEST']);
  });

  it('of peers that were gone before anybody looked are not taken for one another', async () => {
    const given: string[] = [];
    const pending = new PendingHandshakes({ count: 3, ms: 50 }, (code) => given.push(code));
    // As one that was reset while it waited to be accepted, it has no peer.
    const gone = [new Socket(), new Socket()];
    for (const socket of gone) pending.add(socket);
    await Promise.all(gone.map((socket) => once(socket.destroy(), 'close')));
    const slow = Object.defineProperty(new Socket(), 'remoteAddress', { value: '192.0.2.1' });
    pending.add(slow);
    await once(slow, 'close');
    expect(given).toEqual(['handshake.too-slow']);
    // That one is reported once by TLS; the next failure is somebody's own.
    const failure = Object.assign(new Error('hung up'), { code: 'ECONNRESET' });
    expect([pending.wasGivenUp(failure), pending.wasGivenUp(failure)]).toEqual([true, false]);
  });
});
