import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverNameOf } from '@caravan/data-plane';
import { eventually } from '@caravan/testing';
import { ask, dial, echoing, serve, Topology } from '@caravan/testing/data-plane';
import type { TestSite } from '@caravan/testing/data-plane';
import { metricsOf } from './chain.fixture.js';
import { answeringPeer, callingPeer, connectTo, dialTls, request } from './raw-peer.fixture.js';
import type { RelayProcess } from './relay-process.fixture.js';
import { startRelay } from './relay-process.fixture.js';

describe('A peer that speaks the wire by hand', () => {
  const topology = new Topology(startRelay);
  const { world } = topology;
  const { a, b } = world;
  let near: TestSite;
  let far: TestSite;
  const claimDoor = () => ({ port: topology.portOf(near, 'claim'), serverName: serverNameOf('claim', a.id) });
  const memberDoor = (relay = near, network = a) => ({
    port: topology.portOf(relay, 'member'),
    serverName: serverNameOf('member', network.id),
  });
  const processOf = (site: TestSite): RelayProcess => site.running as RelayProcess;
  beforeAll(async () => {
    const [control, inventory] = [await serve(echoing('control')), await serve(echoing('inventory'))];
    topology.closing.add(control.close);
    topology.closing.add(inventory.close);
    near = await topology.relay('near');
    far = await topology.relay('far', near);
    await topology.management(control.port, near);
    const hq = await topology.member('hq', a, far);
    await hq.connect(a.id, 'inventory', inventory.port);
    const probe = await callingPeer({ ...memberDoor(), credential: world.member(a, 'probe') });
    for (const address of ['caravan.control', 'inventory']) {
      const isKnown = async () => (await request(probe, connectTo(address)))[':status'] === OK;
      await eventually(`the way to ${address} is known`, isKnown);
    }
    probe.destroy();
  }, 120_000);
  afterAll(() => topology.close());

  it('with a claim reaches caravan.control, and for every other address hears one code, which is logged', async () => {
    const session = await callingPeer({ ...claimDoor(), credential: world.claim(a, 'i1') });
    expect(await request(session, connectTo('caravan.control'))).toMatchObject({ ':status': 200 });
    for (const address of ['inventory', 'nothing', 'a.b.c']) {
      const scopes = [
        {},
        { 'caravan-scope': `network:${a.id}` },
        { 'caravan-scope': 'control', 'caravan-hops': 'far' },
      ];
      for (const more of scopes) {
        const answer = await request(session, connectTo(address, more));
        expect(answer).toMatchObject({ ':status': 403, 'caravan-code': 'tunnel.confined' });
      }
    }
    session.destroy();
    // Its log comes by another way than its answers, and a line at the end may be half of one.
    const lines = () => processOf(near).log().split('\n').slice(0, -1);
    const line = await eventually('it is logged', () => lines().find((line) => line.includes('tunnel.confined')));
    expect(JSON.parse(line)).toMatchObject({
      code: 'tunnel.confined',
      from: { peerIdentity: expect.stringContaining('/claim/i1') },
    });
  });

  it('with a claim may not open the other direction, nor hear what is offered', async () => {
    const door = { ...claimDoor(), credential: world.claim(a, 'i1') };
    const socket = await answeringPeer(door, () => undefined);
    await closed(socket);
    const session = await callingPeer(door);
    const stream = session.request({ ':method': 'GET', ':path': '/offers' });
    let told = '';
    stream.on('data', (data: Buffer) => (told += data.toString()));
    const [headers] = (await once(stream, 'response')) as [IncomingHttpHeaders];
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect({ told, site: headers['caravan-site'] }).toEqual({ told: '', site: undefined });
    session.destroy();
  });

  it('with a member certificate reaches its own network only, whatever scope it names', async () => {
    const inA = await callingPeer({ ...memberDoor(), credential: world.member(a, 'm1') });
    expect(await request(inA, connectTo('inventory', { 'caravan-scope': `network:${b.id}` }))).toMatchObject({
      ':status': 200,
    });
    const inB = await callingPeer({ ...memberDoor(near, b), credential: world.member(b, 'm1') });
    const answer = await request(inB, connectTo('inventory', { 'caravan-scope': `network:${a.id}` }));
    expect(answer).toMatchObject({ ':status': 404, 'caravan-code': 'tunnel.no-route' });
    inA.destroy();
    inB.destroy();
  });

  it('with a member certificate offers addresses of its own network only, and is told nothing of the backbone', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const door = { ...memberDoor(far), credential: world.member(a, 'offering') };
    const offers = [
      { scope: `network:${b.id}`, address: 'orders', cost: 0, path: [] },
      { scope: 'control', address: 'caravan.control', cost: 0, path: [] },
      { scope: `network:${a.id}`, address: 'special', cost: 0, path: ['near'] },
    ];
    const socket = await answeringPeer(door, (stream, headers) => {
      seen.push(headers);
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/offers') stream.write(JSON.stringify({ set: offers }) + '\n');
      else stream.end('hello');
    });
    await far.until('it has greeted', ({ links }) => links.some((link) => link.peerIdentity?.endsWith('/offering')));
    const asker = await callingPeer({ ...memberDoor(), credential: world.member(a, 'asker') });
    // Through near and far: within the backbone the hops are named, to the member they are not.
    await eventually(
      'what it offers is reached',
      async () => (await request(asker, connectTo('special')))[':status'] === OK,
    );
    const other = await callingPeer({ ...memberDoor(near, b), credential: world.member(b, 'asker') });
    expect(await request(other, connectTo('orders'))).toMatchObject({ ':status': 404 });
    expect(await request(asker, connectTo('caravan.control'))).toMatchObject({ ':status': 200 });
    const tunnel = seen.find((headers) => headers[':method'] === 'CONNECT')!;
    expect(Object.keys(tunnel).filter((name) => name.startsWith('caravan-'))).toEqual(['caravan-connection']);
    expect(seen.some((headers) => JSON.stringify(headers).includes('near'))).toBe(false);
    for (const peer of [asker, other]) peer.destroy();
    socket.destroy();
  });

  it('is not taken for another one that names no link either', async () => {
    const offer = { scope: `network:${a.id}`, address: 'kiosk', cost: 0, path: [] };
    const kiosk = await answeringPeer({ ...memberDoor(), credential: world.member(a, 'kiosk') }, (stream, headers) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/offers') stream.write(JSON.stringify({ set: [offer] }) + '\n');
    });
    const [own, other] = [world.member(a, 'kiosk'), world.member(a, 'customer')];
    const customer = await callingPeer({ ...memberDoor(), credential: other });
    const answerTo = async (session: typeof customer): Promise<unknown> =>
      (await request(session, connectTo('kiosk')))[':status'];
    await eventually('the offer is known', async () => (await answerTo(customer)) === 200);
    const itself = await callingPeer({ ...memberDoor(), credential: own });
    expect(await answerTo(itself)).not.toBe(200); // it is not brought back to where it came from
    for (const session of [customer, itself]) session.destroy();
    kiosk.destroy();
  });

  it('that tells offers that cannot be read loses its link, and the process goes on', async () => {
    for (const told of ['no json\n', '{"set":[{"scope":"x"}]}\n', 'x'.repeat(2 * 1024 * 1024)]) {
      const door = { ...memberDoor(), credential: world.member(a, 'babbler') };
      const socket = await answeringPeer(door, (stream) => {
        stream.respond({ ':status': 200 });
        stream.write(told);
      });
      await closed(socket);
    }
    expect(near.running.isAlive()).toBe(true);
  });

  it('finds nobody at home without a server name, with an unknown one, without a certificate, with an old TLS', async () => {
    const credential = world.member(a, 'm1');
    const { port, serverName } = memberDoor();
    const attempts = [
      { port, credential },
      { port, credential, serverName: 'unknown.test' },
      { port, serverName },
      { port, serverName, credential, alpn: 'http/1.1' },
    ];
    for (const attempt of attempts) await expect(dialTls(attempt).then(firstByte)).rejects.toThrow();
    expect(await firstByte(await dialTls({ port, serverName, credential }))).toBe('data');
  });

  it('that comes and goes in a loop fills no disk: most of it is counted and not written', async () => {
    const door = { ...claimDoor(), credential: world.claim(a, 'looping') };
    const closed = async (): Promise<number> =>
      Number(
        /^caravan_relay_lines_closed_total\{reason="claim"\} (\d+)$/m.exec(await metricsOf(processOf(near)))?.[1] ?? 0,
      );
    const before = await closed();
    const HANGS = 100;
    for (let hung = 0; hung < HANGS; hung += 10) {
      await Promise.all(Array.from({ length: 10 }, async () => hangUp(await callingPeer(door))));
    }
    await eventually('they are gone', async () => (await closed()) - before >= HANGS);
    const written = processOf(near)
      .log()
      .split('\n')
      .filter((line) => line.includes('/looping') && line.includes('line closed'));
    expect(written.length).toBeGreaterThan(0);
    expect(written.length).toBeLessThan(HANGS);
  });

  it('is cut off after too many handshakes that it does not finish, and others get in again', async () => {
    const { port } = memberDoor();
    const idle = await Promise.all(Array.from({ length: 520 }, () => dial(port)));
    const cut = idle.filter((socket) => socket.destroyed || socket.readableEnded);
    // Before the time that one may take is over (10 s): then all of them would be.
    const isCut = (socket: Socket) => socket.closed || socket.readableEnded || socket.destroyed;
    await eventually('one is cut off', () => idle.some(isCut), { withinMs: 5_000 });
    for (const socket of idle) socket.destroy();
    expect(cut.length).toBeLessThan(520);
    const late = await topology.member('late', a, near);
    expect(await ask(await dial(await late.listen(a.id, 'inventory')), 'x')).toBe('inventory: x');
  });

  it('leaves no key in a log, and no fault behind', () => {
    for (const site of [near, far]) {
      const log = processOf(site).log();
      expect(log).not.toContain('PRIVATE KEY');
      expect(log).not.toContain('"level":"error"');
    }
  });
});

/** Typed as text, but a number. */
const OK = 200 as unknown as string;

/** Resolves when a session is up and over. */
async function hangUp(session: Awaited<ReturnType<typeof callingPeer>>): Promise<void> {
  await once(session, 'remoteSettings');
  const over = once(session, 'close');
  session.destroy();
  await over;
}

const closed = (socket: NodeJS.ReadableStream): Promise<void> =>
  new Promise((resolve) => {
    socket.once('error', () => resolve());
    socket.once('close', () => resolve());
    socket.resume();
  });

async function firstByte(socket: NodeJS.ReadableStream & { destroy(): unknown }): Promise<'data'> {
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('data', () => resolve());
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
    });
    return 'data';
  } finally {
    socket.destroy();
  }
}
