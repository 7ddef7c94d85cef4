import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { ask, cut, dial, serve } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import type { Hop } from '../chain.fixture.js';
import { Chain } from '../chain.fixture.js';
import { productionTiming } from '../limits.js';

/** Less than the windows of two hops, and 60 KiB more than that of one: what the last relay but one keeps takes the trickle 18 s. */
const SENT = 124 * 1024;
/** A TLS record of 16 KiB, which is a sign of life only as a whole, in five seconds. */
const [CRUMB, CRUMB_MS] = [512, 150];
const HOPS = ['a', 'near', 'b'] as const;
const { tickMs, deadAfter } = productionTiming.liveness;
/** Longer than a line may be silent. */
const SILENCE_MS = (deadAfter + 3) * tickMs;

/** A network between two relays of which, at times, a few bytes are left: a sign of life, and nothing gets through. */
class Narrows {
  isNarrow = false;

  async lead(to: number): Promise<TestServer> {
    return serve((socket) => {
      const other = connect(to, '127.0.0.1').on('error', () => undefined);
      this.#pass(socket, other);
      this.#pass(other, socket);
    });
  }

  #pass(from: Socket, to: Socket): void {
    from.on('data', (data: Buffer) => {
      from.pause();
      void this.#give(data, to).then(() => from.resume());
    });
    from.once('close', () => to.destroy());
    from.once('end', () => to.end());
  }

  async #give(data: Buffer, to: Socket): Promise<void> {
    let given = 0;
    for (; this.isNarrow && given < data.length; given += CRUMB) {
      to.write(data.subarray(given, given + CRUMB));
      await pause(CRUMB_MS);
    }
    if (given < data.length) to.write(data.subarray(given));
  }
}

describe('A line that finishes what it carries', () => {
  const narrows = new Narrows();
  let chain: Chain;
  let server: TestServer;
  let port: number;
  let before: Record<Hop, number>;
  beforeAll(async () => {
    server = await serve((socket) => void socket.once('data', () => socket.write('here')));
    chain = await Chain.begin({
      between: async (to, closing) => {
        const between = await narrows.lead(to);
        closing.add(between.close);
        return between.port;
      },
    });
    chain.topology.closing.add(server.close);
    before = await chain.lines();
    port = await chain.offer('bulk', server.port);
    const [client] = await eventually('the route is known', () => connection().catch(() => undefined));
    cut(client);
  }, 120_000);
  afterAll(() => chain.close());

  /** Streams that have not closed there, on all lines. */
  const carried = async (hop: Hop): Promise<number> => {
    const { links } = await chain.process(hop).plane.observe();
    return links.reduce((sum, { streams }) => sum + streams, 0);
  };

  async function connection(): Promise<[client: Socket, served: Socket]> {
    const client = await dial(port);
    await ask(client, 'x');
    return [client, server.connections.at(-1)!];
  }

  async function redialAll(): Promise<void> {
    for (const hop of HOPS) await chain.redial(hop);
    const { a, near, far, b } = before;
    const draining = { a: a + 1, near: near + 2, far: far + 2, b: b + 1 };
    await eventually('only what carries something is left', async () =>
      isDeepStrictEqual(await chain.lines(), draining),
    );
  }

  it.each([
    ['up', 'a', 'near'],
    ['down', 'b', 'far'],
  ] as const)('stays for what goes %s until the end that has got it is rid of it', async (way, sending, holding) => {
    const [client, served] = await connection();
    await redialAll();
    const [sender, reader] = way === 'up' ? [client, served] : [served, client];
    narrows.isNarrow = true;
    let read = 0;
    let finish = '';
    reader.on('data', (piece: Buffer) => (read += piece.length));
    reader.once('end', () => (finish ||= 'end')).once('close', () => (finish ||= 'cut'));
    sender.resume().end(Buffer.alloc(SENT));
    reader.end();
    await eventually('the end that sends has nothing left', async () => (await carried(sending)) === 0);
    await pause(SILENCE_MS);
    expect([await carried(holding), finish]).toEqual([2, '']);

    narrows.isNarrow = false;
    await eventually('it ends', () => finish !== '');
    expect([finish, read]).toEqual(['end', SENT]);
    let lines: Record<Hop, number> | undefined;
    await eventually(
      () => `all lines are gone; there are ${JSON.stringify(lines)}, and were ${JSON.stringify(before)}`,
      async () => isDeepStrictEqual((lines = await chain.lines()), before),
    );
  });
});
