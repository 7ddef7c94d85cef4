import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { eventually } from '@caravan/testing';
import { ask, askPort, cut, dial, echoing, finish, serve } from '@caravan/testing/data-plane';
import type { Hop } from './chain.fixture.js';
import { Chain, tell } from './chain.fixture.js';
import { connectTo, data, frame, PREFACE, settings } from './fuzzing/frames.fixture.js';
import { answeringPeer, dialTls } from './raw-peer.fixture.js';

const SLOW = 300;
const BUDGET = 40;
/** What resident memory may grow by beside what is held: garbage, and the kernel's idea of free. */
const OVERHEAD = 32;
const EACH = Buffer.alloc(2 * 1024 * 1024);

/** Kept with the records that they came in, 160 MB. */
const CRUMBS = 10_000;
const STREAMS = Array.from({ length: 20 }, (_, index) => 2 * index + 1);

describe('Readers that do not read', () => {
  let chain: Chain;
  let ports: Record<'stuck' | 'echo', number>;
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) cut(socket);
    await chain.close();
  });

  /** Beside b there is a member that answers for `stuck`, agrees to everything, and reads nothing. */
  async function beginWith(memory: string, only?: Hop): Promise<void> {
    chain = await Chain.begin({
      with: (hop) => ({ env: { CARAVAN_RELAY_MEMORY: only === undefined || hop === only ? memory : '1GiB' } }),
    });
    const { topology } = chain;
    const { a } = topology.world;
    const echo = await serve(echoing('e'));
    const door = { port: topology.portOf(chain.site('far'), 'member'), serverName: serverNameOf('member', a.id) };
    const offer = { scope: `network:${a.id}`, address: 'stuck', cost: 0, path: [] };
    const peer = await answeringPeer(
      { ...door, credential: topology.world.member(a, 'stuck') },
      (stream, headers) => {
        // A link of its own: lines that name none would be taken for lines of one peer.
        stream.respond({ ':status': 200, 'caravan-link': 'stuck' });
        if (headers[':path'] === '/offers') stream.write(JSON.stringify({ set: [offer] }) + '\n');
      },
      { settings: { initialWindowSize: 0 } },
    );
    for (const close of [echo.close, () => peer.destroy()]) topology.closing.add(close);
    ports = { stuck: await chain.site('a').listen(a.id, 'stuck'), echo: await chain.offer('echo', echo.port) };
    await eventually('the routes are known', async () => (await askPort(ports.echo, 'x').catch(() => '')) === 'e: x');
  }

  /** Connections that nobody reads: first all are carried, then each is written to with more than all hops together may hold of it. */
  async function stuck(count: number, beside = 0): Promise<Socket[]> {
    const opened = await Promise.all(Array.from({ length: count }, () => dial(ports.stuck)));
    sockets.push(...opened);
    await eventually('all are carried', async () => (await tunnels()) === count + beside);
    for (const socket of opened) socket.on('error', () => undefined).write(EACH);
    return opened;
  }

  /** Until nothing more moves. */
  async function full(): Promise<void> {
    const name = 'caravan_relay_received_bytes_total';
    for (let before = -1, same = 0; same < 3; await new Promise((resolve) => setTimeout(resolve, 400))) {
      const now = await chain.metric('far', name, 'peer');
      // PINGs and confirmations go on.
      same = now - before < 10_000 ? same + 1 : 0;
      before = now;
    }
  }

  /** A port of a member of the other network, at the same relays. */
  async function inAnotherNetwork(): Promise<number> {
    const { topology } = chain;
    const { b } = topology.world;
    const echo = await serve(echoing('e'));
    topology.closing.add(echo.close);
    await (await topology.member('d', b, chain.site('far'))).connect(b.id, 'echo', echo.port);
    const port = await (await topology.member('c', b, chain.site('near'))).listen(b.id, 'echo');
    await eventually('the route is known', async () => (await askPort(port, 'x').catch(() => '')) === 'e: x');
    return port;
  }

  const tunnels = (): Promise<number> => chain.metric('far', 'caravan_relay_tunnels');
  const held = (hop: Hop): Promise<number> => chain.metric(hop, 'caravan_relay_held_bytes');
  const inMiB = async (hop: Hop, name: string): Promise<string> =>
    ((await chain.metric(hop, `${name}_bytes`)) / 2 ** 20).toFixed(0);

  it(`${SLOW} of them make no relay hold more than its budget, end nothing, and hinder nobody`, async () => {
    await beginWith(`${BUDGET}MiB`);
    const [before, other] = [await dial(ports.echo), await inAnotherNetwork()];
    const small = await chain.each((hop) => chain.memory(hop));
    const opened = await stuck(SLOW, 1);
    await full();
    const after = await chain.each((hop) => chain.memory(hop));
    const counted = await chain.each(held);
    for (const hop of ['near', 'far'] as const) {
      const grown = after[hop] - small[hop];
      const [heap, buffers] = [await inMiB(hop, 'nodejs_heap_size_used'), await inMiB(hop, 'nodejs_external_memory')];
      const made = `resident +${grown.toFixed(0)} (heap ${heap}, buffers ${buffers}, garbage included)`;
      tell(`${SLOW} slow readers: ${hop} holds ${(counted[hop] / 2 ** 20).toFixed(0)} MiB of ${BUDGET}, ${made}`);
      expect(counted[hop]).toBeLessThan(BUDGET * 2 ** 20);
      expect(grown).toBeLessThan(BUDGET + OVERHEAD);
    }
    expect(opened.filter(({ destroyed }) => destroyed).length).toBe(0);
    expect(await chain.metric('near', 'caravan_relay_tunnels_evicted_total')).toBe(0);
    // What was carried before goes on; and another network is served, since one alone does not get everything.
    expect(await ask(before, 'still')).toBe('e: still');
    expect(await askPort(other, 'still')).toBe('e: still');
  });

  it('would take far more without a budget', async () => {
    await beginWith('64GiB');
    const before = await chain.memory('far');
    await stuck(SLOW);
    await full();
    const grown = (await chain.memory('far')) - before;
    const counted = (await held('far')) / 2 ** 20;
    tell(
      `${SLOW} slow readers, no budget to speak of: far holds ${counted.toFixed(0)} MiB, resident +${grown.toFixed(0)}`,
    );
    expect(counted).toBeGreaterThan(BUDGET * 1.5);
    expect(grown).toBeGreaterThan(BUDGET);
  });

  it('fill a small budget: what is new is refused with a code, what is carried goes on, and room is made in the end', async () => {
    await beginWith('16MiB', 'far');
    const opened = await stuck(SLOW / 3);
    await full();
    const more = Array.from({ length: SLOW }, () => connect({ host: '127.0.0.1', port: ports.stuck }));
    for (const socket of more) socket.on('error', () => undefined);
    sockets.push(...more);
    await eventually('some are refused', async () => (await refusals('far')) > 0);
    await eventually('near has heard of it', async () => (await refusals('near')) > 0);
    expect(opened.filter(({ destroyed }) => destroyed).length).toBe(0);
    expect(await finish(connect({ host: '127.0.0.1', port: ports.echo }))).toBe('reset');
    const outcomes = (await chain.process('near').plane.connections()).map(({ outcome }) => outcome);
    expect(outcomes).toContain('relay.full');
    for (const socket of sockets.splice(0)) cut(socket);
    await eventually('there is room again', async () => (await askPort(ports.echo, 'x').catch(() => '')) === 'e: x');
  });

  it('cost what they are sent, also when it comes in crumbs that each keep a whole record', async () => {
    await beginWith('64MiB');
    const { topology } = chain;
    const { a } = topology.world;
    const door = { port: topology.portOf(chain.site('far'), 'member'), serverName: serverNameOf('member', a.id) };
    const socket = await dialTls({ ...door, credential: topology.world.member(a, 'crumbs') });
    topology.closing.add(() => socket.destroy());
    await stuck(1);
    const before = await chain.memory('far');
    socket.resume().write(Buffer.concat([PREFACE, settings(), ...STREAMS.map((stream) => connectTo(stream, 'stuck'))]));
    await eventually('they are carried', async () => (await tunnels()) > STREAMS.length);
    // A frame of a type that nobody knows is ignored (RFC 9113, 4.1); it fills the record.
    const filler = frame(0x20, 0, 0, Buffer.alloc(16_384 - 9 - 10));
    for (let crumb = 0; crumb < CRUMBS; crumb++) {
      const record = Buffer.concat([data(STREAMS[crumb % STREAMS.length]!, Buffer.from('x')), filler]);
      if (!socket.write(record)) await once(socket, 'drain');
    }
    await full();
    const grown = (await chain.memory('far')) - before;
    tell(`${CRUMBS} bytes, each in a record of 16 KiB: far resident +${grown.toFixed(0)} MiB`);
    expect(socket.destroyed).toBe(false);
    expect(grown).toBeLessThan(80);
  });

  const refusals = (hop: Hop): Promise<number> =>
    chain.metric(hop, 'caravan_relay_tunnels_refused_total', '"relay.full"');
});
