import type { Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '@caravan/testing';
import { cut, makeAuthority, makeRoot, serve, serveTls, World } from '@caravan/testing/data-plane';
import { dial } from './dial.js';

const world = new World();
const known = world.infrastructure;
const stranger = makeAuthority(makeRoot(), 'infrastructureCa', 'stranger');

describe('whoever dials', () => {
  const open: { close: () => unknown }[] = [];
  afterEach(async () => void (await Promise.all(open.splice(0).map(({ close }) => close()))));

  const failure = (port: number, trust = known): Promise<unknown> => {
    const context = createSecureContext({ ca: trust.certificatePem, allowPartialTrustChain: true });
    const target = { host: '127.0.0.1', port, serverName: 'door', alpn: 'caravan', context, timeoutMs: 5_000 };
    return dial(target, new AbortController().signal).then(
      (socket) => socket.destroy(),
      (error: unknown) => error,
    );
  };
  const kept = async (serving: Promise<{ readonly port: number; close: () => unknown }>): Promise<number> => {
    const server = await serving;
    open.push(server);
    return server.port;
  };
  const proven = (host: string) => kept(serveTls({ credential: world.accessPoint('door', [host]) }));
  const answering = (answer: (socket: Socket) => void) =>
    kept(serve((socket) => void socket.once('data', () => answer(socket))));

  it('knows that it does not trust the other end', async () => {
    expect(await failure(await proven('127.0.0.1'), stranger)).toMatchObject({ name: 'Distrust', of: 'ours' });
  });

  it('takes a connection that is cut for a sign that the other end does not trust it', async () => {
    expect(await failure(await answering(cut))).toMatchObject({ name: 'Distrust', of: 'theirs' });
  });

  it.each([
    ['nothing listens', freePort],
    ['the other end is another host', () => proven('192.0.2.1')],
    ['the other end speaks something else', () => proven('127.0.0.1')],
    ['the other end does not speak TLS', () => answering((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ])('says nothing of trust where %s', async (_, port) => {
    const error = await failure(await port());
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty('of');
  });
});
