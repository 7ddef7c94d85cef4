import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '@caravan/testing';
import { ask, askPort, cut, dial, echoing, finish, hash, serve } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import { Chain, digestOf, stream, tell } from './chain.fixture.js';

vi.setConfig({ testTimeout: 120_000 });

const BULK = 100_000_000;
const IDLE = 1_000;
/** Measured, each relay holds 17 to 22 KiB for a connection that is idle. */
const MOST_FOR_IDLE = 48;
/** More than nghttp2 takes from one session (links/reset-requests.ts). */
const RESETS = 1_500;

describe('Two relays under load', () => {
  let chain: Chain;
  let server: TestServer;
  let port: number;
  let echo: number;
  beforeAll(async () => {
    [chain, server] = [await Chain.begin(), await serve()];
    const echoes = await serve(echoing('e'));
    for (const { close } of [server, echoes]) chain.topology.closing.add(close);
    port = await chain.offer('inventory', server.port);
    echo = await chain.offer('echo', echoes.port);
    await eventually('the route is known', async () => (await askPort(echo, 'x').catch(() => '')) === 'e: x');
  }, 120_000);
  afterAll(() => chain.close());

  const connected = async (): Promise<{ client: Socket; server: Socket }> => {
    const arriving = server.next();
    const client = await dial(port);
    return { client, server: await arriving };
  };
  const linesLost = async (): Promise<number> => {
    const closed = await chain.each((hop) => chain.metric(hop, 'caravan_relay_lines_closed_total'));
    return Object.values(closed).reduce((sum, count) => sum + count, 0);
  };

  it('carry 100 MB each way at once, and not a bit differs', async () => {
    const { client, server } = await connected();
    const [up, down] = [stream(BULK, 1), stream(BULK, 2)];
    const began = performance.now();
    const [heardUp, heardDown] = [digestOf(server), digestOf(client)];
    client.end(up);
    server.end(down);
    expect(await Promise.all([heardUp, heardDown])).toEqual([hash(up), hash(down)]);
    tell(`100 MB each way in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  });

  it('hold 1,000 idle connections in little memory, and each of them is of use afterwards', async () => {
    const before = await chain.each((hop) => chain.memory(hop));
    const sockets: Socket[] = [];
    while (sockets.length < IDLE) {
      const some = await Promise.all(Array.from({ length: 50 }, () => dial(echo)));
      await Promise.all(some.map((socket) => ask(socket, 'first')));
      sockets.push(...some);
    }
    const after = await chain.each((hop) => chain.memory(hop));
    const grown = { near: after.near - before.near, far: after.far - before.far };
    tell(`${IDLE} idle connections: near +${grown.near.toFixed(0)} MiB, far +${grown.far.toFixed(0)} MiB`);
    expect(Math.max(grown.near, grown.far)).toBeLessThan(MOST_FOR_IDLE);
    expect(await chain.metric('far', 'caravan_relay_tunnels')).toBeGreaterThanOrEqual(IDLE);
    const answers = await Promise.all(sockets.map((socket) => ask(socket, 'again')));
    expect(new Set(answers)).toEqual(new Set(['e: again']));
    for (const socket of sockets) socket.destroy();
    await eventually('they are gone', async () => (await chain.metric('far', 'caravan_relay_tunnels')) === 0);
  });

  it('let one direction go on for long after the other has ended', async () => {
    const { client, server } = await connected();
    client.end('that was all');
    expect(await digestOf(server)).toBe(hash(Buffer.from('that was all')));
    const down = stream(4_000_000, 3);
    const heard = digestOf(client);
    for (let at = 0; at < down.length; at += 500_000) {
      server.write(down.subarray(at, at + 500_000));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    server.end();
    expect(await heard).toBe(hash(down));
  });

  it.each([
    ['the client', true],
    ['the server', false],
  ])('tell a reset of %s in the middle of bulk as ECONNRESET, never as an end', async (_, isClient) => {
    const { client, server } = await connected();
    const [breaks, hears] = isClient ? [client, server] : [server, client];
    let code = 'none';
    hears.on('error', (error: NodeJS.ErrnoException) => (code = error.code ?? error.message));
    const finished = finish(hears);
    breaks.write(stream(2_000_000, 5));
    await once(hears, 'data');
    cut(breaks);
    expect(await finished).toBe('reset');
    // Node tells no error when data and RST arrive together; `finish` has asked the kernel then.
    expect(['none', 'ECONNRESET']).toContain(code);
  });

  it('survive more resets, refusals and departures than a session takes, and so does what else they carry', async () => {
    const bystander = await dial(echo);
    expect(await ask(bystander, 'before')).toBe('e: before');
    const lost = await linesLost();
    const atOnce = async (count: number, one: () => Promise<void>): Promise<void> => {
      for (let done = 0; done < count; done += 100) await Promise.all(Array.from({ length: 100 }, one));
    };
    await atOnce(RESETS, async () => {
      const socket = await dial(echo);
      await ask(socket, 'x');
      cut(socket);
    });
    const closed = await serve();
    closed.close();
    const nobody = await chain.offer('nobody', closed.port);
    const refused = { reset: 0, end: 0 };
    await atOnce(RESETS, async () => void refused[await finish(connect({ host: '127.0.0.1', port: nobody }))]++);
    expect(refused).toEqual({ reset: RESETS, end: 0 });
    await atOnce(RESETS, async () => cut(await dial(echo)));
    await eventually('they are gone', async () => (await chain.metric('far', 'caravan_relay_tunnels')) === 1);
    expect(await ask(bystander, 'after')).toBe('e: after');
    expect(await linesLost()).toBe(lost);
    bystander.destroy();
  });
});
