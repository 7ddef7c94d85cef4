import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { ask, askPort, dial, echoing, finish, freezable, serve } from '@caravan/testing/data-plane';
import type { Freezable } from '@caravan/testing/data-plane';
import { Chain, tell } from './chain.fixture.js';

describe('A link whose network vanishes in the middle of bulk', () => {
  let chain: Chain;
  let network: Freezable;
  let ports: Record<'sink' | 'echo', number>;
  let taken = 0;
  beforeAll(async () => {
    chain = await Chain.begin({
      between: async (port, closing) => (network = await freezable(port, closing)).port,
    });
    const sink = await serve((socket) => socket.on('data', (data: Buffer) => (taken += data.length)));
    const echo = await serve(echoing('e'));
    for (const { close } of [sink, echo]) chain.topology.closing.add(close);
    ports = { sink: await chain.offer('sink', sink.port), echo: await chain.offer('echo', echo.port) };
    await eventually('the routes are known', async () => (await askPort(ports.echo, 'x').catch(() => '')) === 'e: x');
  }, 120_000);
  afterAll(() => chain.close());

  it('is given up within nine seconds by both ends, which is a reset to whom it carried, and comes back', async () => {
    const bulk = await dial(ports.sink);
    const write = (): void => {
      while (bulk.write(Buffer.alloc(65_536)));
    };
    bulk.on('drain', write);
    write();
    const asking = await dial(ports.echo);
    expect(await ask(asking, 'before')).toBe('e: before');
    await eventually('much is under way', () => taken > 20_000_000);
    network.freeze();
    const frozen = performance.now();
    const endings = Promise.all([finish(bulk), finish(asking)]);
    const lost = (): Promise<number[]> =>
      Promise.all(
        (['near', 'far'] as const).map((hop) => chain.metric(hop, 'caravan_relay_lines_lost_total', '"silent"')),
      );
    await eventually('both have given it up', async () => (await lost()).every((count) => count > 0), {
      withinMs: 20_000,
    });
    const seconds = (performance.now() - frozen) / 1000;
    tell(`a frozen link was given up after ${seconds.toFixed(1)} s`);
    expect(await endings).toEqual(['reset', 'reset']);
    // The line that was idle may have been silent for some seconds before.
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(10.5);
    await eventually('it is back', async () => (await askPort(ports.echo, 'after').catch(() => '')) === 'e: after');
    expect((performance.now() - frozen) / 1000).toBeLessThan(15);
    // The others were not frozen, and nothing was lost there.
    expect(await chain.metric('near', 'caravan_relay_lines_lost_total')).toBe((await lost())[0]);
    expect(await chain.metric('a', 'caravan_relay_lines_lost_total')).toBe(0);
  });
});
