import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { ask, askPort, cut, dial, echoing, flood, serve, throttled } from '@caravan/testing/data-plane';
import { Chain, tell } from './chain.fixture.js';

const LINK = 6_000_000;
const BULK = 100;
const SETTLE_MS = 2_000;
const PROBE_MS = 6_000;

describe('A small request behind a hundred bulk transfers over a full link of 6 MB/s', () => {
  let chain: Chain;
  const ports = { sink: 0, source: 0, echo: 0 };
  const moved = { up: 0, down: 0 };
  beforeAll(async () => {
    chain = await Chain.begin({ between: (port, closing) => throttled(port, LINK, closing) });
    const sink = await serve((socket) => socket.on('data', (data: Buffer) => (moved.up += data.length)));
    const source = await serve((socket) => flood(socket.resume()));
    const echo = await serve(echoing('e'));
    for (const { close } of [sink, source, echo]) chain.topology.closing.add(close);
    for (const [address, { port }] of Object.entries({ sink, source, echo })) {
      ports[address as keyof typeof ports] = await chain.offer(address, port);
    }
    await eventually('the routes are known', async () => (await askPort(ports.echo, 'x').catch(() => '')) === 'e: x');
  }, 120_000);
  afterAll(() => chain.close());

  /** One request at a time, each on a connection of its own, until the time is over. */
  async function probe(count: () => number): Promise<{ p50: number; p99: number; share: number; probes: number }> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const took: number[] = [];
    const [began, before] = [performance.now(), count()];
    while (performance.now() - began < PROBE_MS) {
      const asked = performance.now();
      const socket = await dial(ports.echo);
      await ask(socket, 'small');
      took.push(performance.now() - asked);
      socket.destroy();
    }
    const share = (count() - before) / ((performance.now() - began) / 1000) / LINK;
    took.sort((a, b) => a - b);
    const at = (part: number): number => Math.round(took[Math.floor(took.length * part)]!);
    return { p50: at(0.5), p99: at(0.99), share, probes: took.length };
  }
  const opened = (port: number, use: (socket: Socket) => void): Promise<Socket[]> =>
    Promise.all(
      Array.from({ length: BULK }, async () => {
        const socket = await dial(port);
        use(socket);
        return socket;
      }),
    );

  it.each([
    ['uploads', 'sink', flood, () => moved.up],
    [
      'downloads',
      'source',
      (socket: Socket) => socket.on('data', (data: Buffer) => (moved.down += data.length)),
      () => moved.down,
    ],
  ] as const)('is answered soon, with %s, and the link stays full', async (what, address, use, count) => {
    const sockets = await opened(ports[address], use);
    const { p50, p99, share, probes } = await probe(count);
    tell(`${BULK} ${what}: p50 ${p50} ms, p99 ${p99} ms of ${probes}; ${Math.round(share * 100)} % of the link`);
    // Reset, not ended: what the kernels hold would keep the link busy for long.
    for (const socket of sockets) cut(socket);
    await eventually('they are gone', async () => (await chain.metric('near', 'caravan_relay_tunnels')) === 0);
    expect(p50).toBeLessThanOrEqual(what === 'uploads' ? 200 : 400);
    expect(share).toBeGreaterThanOrEqual(0.9);
    // A link that is merely full is neither suspect nor lost.
    expect(await chain.metric('near', 'caravan_relay_lines_closed_total')).toBe(0);
  });
});
