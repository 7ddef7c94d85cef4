import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { ask, cut, dial, echoing, finish, serve } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import type { Hop } from '../chain.fixture.js';
import { Chain } from '../chain.fixture.js';
import { limits, productionTiming } from '../limits.js';

const RESETS = 4;
const NONE = { a: 0, near: 0, far: 0, b: 0 };
const { tickMs, deadAfter } = productionTiming.liveness;
const SILENCE_MS = (deadAfter + 3) * tickMs;

describe('A link that is dialled again', () => {
  let chain: Chain;
  let server: TestServer;
  let port: number;
  let before: Record<Hop, number>;
  beforeAll(async () => {
    server = await serve(echoing('e'));
    chain = await Chain.begin();
    chain.topology.closing.add(server.close);
    port = await chain.offer('echo', server.port);
    before = await chain.lines();
    await eventually('the route is known', () =>
      connection()
        .then(([client]) => client.destroy())
        .then(() => true),
    );
  }, 120_000);
  afterAll(() => chain.close());

  /** One that is carried, at both of its ends. What is offered over a line that is new has yet to be told. */
  const connection = (): Promise<[client: Socket, served: Socket]> =>
    eventually('a connection is carried', async () => {
      const client = await dial(port).catch(() => undefined);
      const answer = await (client && ask(client, 'x').catch(() => undefined));
      return client && answer === 'e: x' ? [client, server.connections.at(-1)!] : undefined;
    });

  async function linesBecome(wanted: Record<Hop, number>): Promise<void> {
    let are: unknown;
    await eventually(
      () => `lines ${JSON.stringify(wanted)}; they are ${JSON.stringify(are)}`,
      async () => isDeepStrictEqual((are = await chain.lines()), wanted),
      { withinMs: 30_000 },
    );
  }
  /** None was given up for lost: each has closed by itself. */
  const noneIsLost = async (): Promise<void> =>
    expect(await chain.each((hop) => chain.metric(hop, 'caravan_relay_lines_lost_total'))).toEqual(NONE);

  // The end that drains calls on one of the two lines of a link, and answers on the other: of a's and of b's link that are different ones.
  it.each(['a', 'near', 'b'] as const)('by %s leaves no line behind that carried a reset', async (hop) => {
    for (let times = 0; times < RESETS; times++) {
      const [client, served] = await connection();
      const heard = finish(served);
      cut(client);
      expect(await heard).toBe('reset');
      await chain.redial(hop);
    }
    await linesBecome(before);
    await noneIsLost();
  });

  it('carries on what it carried, tells it of a reset, and is gone with the last of it', async () => {
    const [[client, served], [bystander, hears]] = [await connection(), await connection()];
    const [reset] = await connection();
    cut(reset); // so that the lines have a request for resets before they drain
    for (const hop of ['a', 'near', 'b'] as const) await chain.redial(hop);
    // Those that carry something are left.
    await linesBecome({ a: before.a + 1, near: before.near + 2, far: before.far + 2, b: before.b + 1 });
    // Longer than a line may be silent: it must not pass for a lost one because what it carries says nothing.
    await pause(SILENCE_MS);
    const heard = finish(served);
    cut(client);
    expect(await heard).toBe('reset');
    expect(await ask(bystander, 'still')).toBe('e: still');
    const ended = once(hears, 'end');
    bystander.end();
    await ended;
    await linesBecome(before);
    await noneIsLost();
  });

  it('so often that too many lines finish what they carry is dialled again all the same, and the oldest make room', async () => {
    const most = limits.drainingLinesOfOneIdentity;
    const idle: { client: Socket; finished: Promise<string> }[] = [];
    for (let times = 1; times <= most + 2; times++) {
      const [client] = await connection();
      idle.push({ client, finished: finish(client) });
      await chain.redial('a');
      // The next one comes over another line only when this one's drains.
      const left = Math.min(times, most);
      await linesBecome({ ...before, a: before.a + left, near: before.near + left });
    }
    const [first, second, ...kept] = idle;
    for (const { finished } of [first!, second!]) expect(await finished).toBe('reset');
    for (const { client } of kept) expect(await ask(client, 'still')).toBe('e: still');
    for (const { client } of kept) cut(client);
    await linesBecome(before);
  });
});
