import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { eventually } from '@caravan/testing';
import { askPort, echoing, serve, Topology } from '@caravan/testing/data-plane';
import type { TestSite } from '@caravan/testing/data-plane';
import { connectTo, headers, PREFACE, settings, windowUpdate } from './fuzzing/frames.fixture.js';
import { dialTls } from './raw-peer.fixture.js';
import type { RelayProcess } from './relay-process.fixture.js';
import { startRelay } from './relay-process.fixture.js';

const HUGE = 0x3fffffff;
/** RFC 9113, 6.5.2. */
const INITIAL_WINDOW_SIZE = 4;
const GREETING = [
  [':method', 'GET'],
  [':scheme', 'https'],
  [':path', '/offers'],
  [':authority', 'x'],
] as const;
const PIECE = Buffer.alloc(64 * 1024);

describe('A peer that vanishes', () => {
  const topology = new Topology(startRelay);
  const { a } = topology.world;
  let relay: TestSite;
  let port: number;
  let taken = 0;
  beforeAll(async () => {
    const flood = await serve((socket) => {
      const more = (): void => void socket.write(PIECE, (error) => (error ? undefined : (taken++, more())));
      more();
    });
    const echo = await serve(echoing('e'));
    for (const { close } of [flood, echo]) topology.closing.add(close);
    relay = await topology.relay('near');
    const seller = await topology.member('seller', a, await topology.relay('far', relay));
    await seller.connect(a.id, 'flood', flood.port);
    await seller.connect(a.id, 'echo', echo.port);
    port = await (await topology.member('buyer', a, relay)).listen(a.id, 'echo');
    // What is offered is told in its order: flood's is known by then, which is asked for once.
    await eventually('the routes are known', () => askPort(port, 'x').catch(() => undefined));
  }, 120_000);
  afterAll(() => topology.close());

  /** Resolves when nobody takes any more of what is said without end. */
  async function floodStalls(): Promise<void> {
    for (let before = -1; taken === 0 || taken !== before;) {
      before = taken;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    taken = 0;
  }

  it('in the middle of what it is sent and does not read takes nothing with it', async () => {
    const { child } = relay.running as RelayProcess;
    const door = { port: topology.portOf(relay, 'member'), serverName: serverNameOf('member', a.id) };
    for (let round = 0; round < 5; round++) {
      // A relay that sends without end takes all memory, and hears no SIGTERM.
      const watch = setTimeout(() => child.kill('SIGKILL'), 20_000);
      const socket = await dialTls({ ...door, credential: topology.world.member(a, 'vanishing') });
      const windows = [settings([[INITIAL_WINDOW_SIZE, HUGE]]), windowUpdate(0, HUGE)];
      socket.write(Buffer.concat([PREFACE, ...windows, connectTo(1, 'flood'), headers(3, GREETING, true)]));
      await floodStalls();
      socket.destroy();
      await relay.until('it is gone', ({ links }) => links.every((link) => !link.peerIdentity?.endsWith('/vanishing')));
      expect(await askPort(port, 'x')).toBe('e: x');
      clearTimeout(watch);
    }
  });
});
