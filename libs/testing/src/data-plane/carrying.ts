import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Socket } from 'node:net';
import { askPort, bytes, cut, dial, echoing, finish, hash, hashOf, serve } from './sockets.js';
import type { TestServer } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';

const SIZE = 8 * 1024 * 1024;

/** Bytes between two members of one network, attached to different relays, with the meaning of TCP. */
export function carries(start: StartDataPlane): void {
  describe('carries TCP between members of one network', () => {
    const topology = new Topology(start);
    const { a } = topology.world;
    let inventory: TestServer;
    let store: TestSite;
    let port: number;
    beforeAll(async () => {
      inventory = await serve();
      topology.closing.add(inventory.close);
      const r1 = await topology.relay('r1');
      const r2 = await topology.relay('r2', r1);
      const hq = await topology.member('hq', a, r1);
      await hq.connect(a.id, 'inventory', inventory.port);
      store = await topology.member('store', a, r2);
      port = await store.listen(a.id, 'inventory');
      await topology.known(a, hq, store);
    });
    afterAll(() => topology.close());

    /** Both ends of a new connection across the networks. */
    const connected = async (): Promise<{ client: Socket; server: Socket }> => {
      const arriving = inventory.next();
      const client = await dial(port);
      return { client, server: await arriving };
    };

    it('through two relays, bytes both ways at once', async () => {
      const { client, server } = await connected();
      const [up, down] = [bytes(SIZE, 1), bytes(SIZE, 2)];
      const [heardUp, heardDown] = [hashOf(server), hashOf(client)];
      client.end(up);
      server.end(down);
      expect(await Promise.all([heardUp, heardDown])).toEqual([hash(up), hash(down)]);
    });

    it('with half-close: the server answers after it has read the end', async () => {
      const { client, server } = await connected();
      server.once('end', () => server.end('after the end'));
      server.resume();
      client.end('question');
      expect(await new Promise((resolve) => client.once('data', (data: Buffer) => resolve(data.toString())))).toBe(
        'after the end',
      );
      await once(client, 'end');
    });

    it('with half-close: the client sends on after the server has ended', async () => {
      const { client, server } = await connected();
      server.end('greeting');
      client.resume();
      await once(client, 'end');
      client.end('more');
      expect(await hashOf(server)).toBe(hash(Buffer.from('more')));
    });

    it('and a reset arrives as a reset, from the client', async () => {
      const { client, server } = await connected();
      const finished = finish(server);
      client.write('the first half');
      await once(server, 'data');
      cut(client);
      expect(await finished).toBe('reset');
    });

    it.each([
      ['right behind the data, while the client may still send', false],
      ['right behind the data, after the client has ended', true],
    ])('and a reset arrives as a reset, from the server, %s', async (_, clientHasEnded) => {
      const { client, server } = await connected();
      server.resume();
      client.write('question');
      if (clientHasEnded) {
        client.end();
        await once(server, 'end');
      } else await once(server, 'data');
      const finished = finish(client);
      server.write('the first half of an ans');
      cut(server);
      expect(await finished).toBe('reset');
    });

    it('and an end arrives as an end', async () => {
      const { client, server } = await connected();
      const finished = finish(client);
      server.end('whole');
      expect(await finished).toBe('end');
      client.destroy();
    });

    it('and a server that is down is a refused connection, then comes back', async () => {
      const down = await serve();
      down.close();
      const orders = await store.listen(a.id, 'orders');
      await expect(askPort(orders, 'x')).rejects.toThrow();
      const up = await serve(echoing('up'));
      topology.closing.add(up.close);
      await store.connect(a.id, 'orders', up.port);
      expect(await askPort(orders, 'x')).toBe('up: x');
    });

    it('and a member on the same relay answers directly, without the backbone', async () => {
      const near = await serve(echoing('near'));
      topology.closing.add(near.close);
      const branch = await topology.member('branch', a, await topology.relay('r3'));
      await branch.connect(a.id, 'local', near.port);
      // r3 has no link to another relay: what is answered was carried by r3 alone.
      expect(await askPort(await branch.listen(a.id, 'local'), 'x')).toBe('near: x');
    });
  });
}
