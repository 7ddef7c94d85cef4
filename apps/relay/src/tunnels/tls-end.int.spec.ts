import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { Closing, issue, makeRoot, serve, serveTls } from '@caravan/testing/data-plane';
import { tlsEnd } from './end.js';
import { endedByReset, isCutOff } from './tcp-reset.js';

const root = makeRoot();
const credential = issue(root, 'apiServer', { hosts: ['localhost'] });

describe('an application at the other end of TLS', () => {
  const closing = new Closing();
  afterEach(() => closing.all());

  /** What lies between a connector and a server; it knows how what was sent has ended. */
  async function wireTo(port: number) {
    let tell: (how: 'end' | 'reset') => void;
    const ended = new Promise<'end' | 'reset'>((resolve) => (tell = resolve));
    const wire = await serve((near) => {
      const far = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
      closing.add(() => far.destroy());
      far.on('error', () => undefined).pipe(near);
      near.on('end', () => tell(endedByReset(near) ? 'reset' : 'end')).on('error', () => tell('reset'));
      near.pipe(far);
    });
    closing.add(wire.close);
    return { port: wire.port, ended };
  }

  /** A connection as a connector makes it, and the server's end of it. */
  async function connected() {
    const server = await serveTls({ credential });
    const arriving = server.next();
    const { port, ended } = await wireTo(server.port);
    closing.add(server.close);
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    await once(socket, 'connect');
    const secured = tlsConnect({ socket, servername: 'localhost', ca: root.certificatePem });
    await once(secured, 'secureConnect');
    closing.add(() => secured.destroy());
    return { socket, secured, far: await arriving, ended };
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

  it('hears the last word, and is let go of, when a reset follows at once', async () => {
    const { socket, secured, far } = await connected();
    const end = tlsEnd(secured, socket);
    const heard = text(far);
    // As soon as the socket is being shut down.
    const shutDown = secured._final.bind(secured);
    secured._final = (done) => {
      shutDown(done);
      end.reset();
    };
    const closed = once(socket, 'close');
    secured.end('the last word');
    await closed;
    expect(await heard).toBe('the last word');
  });

  it('does not take what it has read so far for everything when an end was still to come', async () => {
    const { socket, secured, far, ended } = await connected();
    const end = tlsEnd(secured, socket);
    far.on('error', () => undefined).pause();
    secured.write(Buffer.alloc(16 * 1024 * 1024));
    secured.end();
    await pause(50);
    const closed = once(socket, 'close');
    end.reset();
    await closed;
    far.resume();
    expect(await ended).toBe('reset');
  });
});
