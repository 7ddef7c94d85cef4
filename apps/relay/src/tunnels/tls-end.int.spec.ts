import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@caravan/testing';
import { Closing, issue, makeRoot, serveTls } from '@caravan/testing/data-plane';
import { tlsEnd } from './end.js';
import { isCutOff } from './tcp-reset.js';

const root = makeRoot();
const credential = issue(root, 'apiServer', { hosts: ['localhost'] });

describe('an application at the other end of TLS', () => {
  const closing = new Closing();
  afterEach(() => closing.all());

  /** A connection as a connector makes it, and the server's end of it. */
  async function connected(): Promise<{ socket: Socket; secured: TLSSocket; far: TLSSocket }> {
    const server = await serveTls({ credential });
    closing.add(server.close);
    const arriving = server.next();
    const socket = connect({ host: '127.0.0.1', port: server.port, allowHalfOpen: true });
    await once(socket, 'connect');
    const secured = tlsConnect({ socket, servername: 'localhost', ca: root.certificatePem });
    await once(secured, 'secureConnect');
    closing.add(() => secured.destroy());
    return { socket, secured, far: await arriving };
  }

  it('is not taken for one that was cut off when both have ended, and its last words are unread', async () => {
    const { socket, secured, far } = await connected();
    const end = tlsEnd(secured, socket);
    secured.pause().end('question');
    far.resume();
    await once(far, 'end');
    far.end(Buffer.alloc(32 * 1024, 1));
    await once(far, 'close');
    // To the socket alone it looks like that: this is what must not count.
    await eventually('it looks like that', () => isCutOff(socket) || undefined);
    expect(end.isCutOff?.()).toBe(false);
    let read = 0;
    secured.on('data', (piece: Buffer) => (read += piece.length)).resume();
    await once(secured, 'end');
    expect([read, end.wasReset()]).toEqual([32 * 1024, false]);
  });

  it('is reset though an end is on its way, and nothing of it stays', async () => {
    const { socket, secured, far } = await connected();
    const end = tlsEnd(secured, socket);
    far.on('error', () => undefined).resume();
    secured.end('the last word');
    const closed = once(socket, 'close');
    end.reset();
    await closed;
    expect([socket.destroyed, secured.destroyed]).toEqual([true, true]);
  });

  it('is let go of though it does not read what an end waits behind', async () => {
    const { socket, secured, far } = await connected();
    const end = tlsEnd(secured, socket);
    far.on('error', () => undefined).pause();
    secured.write(Buffer.alloc(16 * 1024 * 1024));
    secured.end();
    await pause(50);
    const closed = once(socket, 'close');
    end.reset();
    await closed;
    expect([socket.destroyed, secured.destroyed]).toEqual([true, true]);
  });
});
