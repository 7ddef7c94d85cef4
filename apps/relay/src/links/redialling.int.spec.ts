import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '@caravan/testing';
import { askPort, echoing, serve } from '@caravan/testing/data-plane';
import { Chain } from '../chain.fixture.js';

const REDIALS = 25;
const AT_A_TIME = 4;

describe('While a link is dialled again', () => {
  let chain: Chain;
  let port: number;
  beforeAll(async () => {
    const server = await serve(echoing('e'));
    chain = await Chain.begin();
    chain.topology.closing.add(server.close);
    port = await chain.offer('echo', server.port);
    await eventually('the route is known', () => askPort(port, 'x').then(Boolean, () => false));
  }, 120_000);
  afterAll(() => chain.close());

  /** Makes one connection after the other until `meanwhile` is over; answers how many there were, and why some failed. */
  async function connecting(meanwhile: () => Promise<void>): Promise<{ made: number; failed: string[] }> {
    const [failed, state] = [[] as string[], { made: 0, isOver: false }];
    const lane = async (): Promise<void> => {
      while (!state.isOver) {
        const answer = await askPort(port, 'x').catch((error: Error) => error.message);
        if (answer === 'e: x') state.made++;
        else failed.push(answer);
      }
    };
    const lanes = Array.from({ length: AT_A_TIME }, lane);
    await meanwhile().finally(() => (state.isOver = true));
    await Promise.all(lanes);
    return { made: state.made, failed };
  }

  // a's link leads upward without an offer; near hears offers on its own, far those of b on b's.
  it.each(['a', 'near', 'b'] as const)('by %s, no connection fails, and no line stays behind', async (hop) => {
    const before = await chain.lines();
    const { made, failed } = await connecting(async () => {
      for (let times = 0; times < REDIALS; times++) await chain.redial(hop);
    });
    expect(failed).toEqual([]);
    expect(made).toBeGreaterThan(REDIALS);
    const isAsBefore = async (): Promise<boolean> => isDeepStrictEqual(await chain.lines(), before);
    await eventually('only the last lines are left', isAsBefore, { withinMs: 15_000 });
  });
});
