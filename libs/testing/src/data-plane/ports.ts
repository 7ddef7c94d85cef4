import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from 'node:net';
import { freePort } from '../ports.js';
import { ask, askPort, bytes, dial, echoing, finish, isOpen, serve } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';

/** Ports exist exactly as long as what asked for them; what is thrown at them harms nobody. */
export function ownsPorts(start: StartDataPlane): void {
  describe('a port', () => {
    const topology = new Topology(start);
    const { a } = topology.world;
    let [relay, member]: TestSite[] = [];
    beforeAll(async () => {
      const server = await serve(echoing('inventory'));
      topology.closing.add(server.close);
      relay = await topology.relay('r1');
      member = await topology.member('m1', a, relay);
      await member.connect(a.id, 'inventory', server.port);
    });
    afterAll(() => topology.close());

    it('opens with its listener and closes with it, and so does what came in through it', async () => {
      const port = await member!.listen(a.id, 'inventory');
      const client = await dial(port);
      expect(await ask(client, 'x')).toBe('inventory: x');
      const finished = finish(client);
      await member!.change((next) => void (next.listeners = []));
      expect(await finished).toBe('reset');
      expect(await isOpen(port)).toBe(false);
    });

    it('that is taken is reported, and opened as soon as it is free', async () => {
      const taken = await serve();
      await member!.change(({ listeners }) => {
        const address = 'inventory';
        listeners.push({ kind: 'listener', id: 'l2', networkId: a.id, address, host: '127.0.0.1', port: taken.port });
      });
      const { items } = await member!.until('failed', ({ items }) => items['listener/l2']?.state === 'failed');
      expect(items['listener/l2']!.detail).toContain(`127.0.0.1:${taken.port}`);
      taken.close();
      await member!.applied('listener/l2');
      expect(await askPort(taken.port, 'x')).toBe('inventory: x');
    });

    it('passes from one listener to another in one change', async () => {
      const port = await freePort();
      const listener = { kind: 'listener', networkId: a.id, host: '127.0.0.1', port } as const;
      await member!.change((next) => void (next.listeners = [{ ...listener, id: 'old', address: 'nothing' }]));
      await member!.applied('listener/old');
      await expect(askPort(port, 'x')).rejects.toThrow();
      await member!.change((next) => void (next.listeners = [{ ...listener, id: 'new', address: 'inventory' }]));
      await member!.applied('listener/new');
      expect(await askPort(port, 'x')).toBe('inventory: x');
    });

    it('of an access point that asked for any stays the same over later changes, and closes with it', async () => {
      const port = await relay!.port('claim');
      await relay!.change(({ admissions }) => void admissions.pop());
      expect(await relay!.port('claim')).toBe(port);
      await relay!.change((next) => {
        next.accessPoints = next.accessPoints.filter(({ id }) => id !== 'claim');
      });
      expect(await isOpen(port)).toBe(false);
    });

    it('that leads to caravan.control is refused', async () => {
      const port = await freePort();
      const host = '127.0.0.1';
      await member!.change(({ listeners }) => {
        listeners.push({ kind: 'listener', id: 'l3', networkId: a.id, address: 'caravan.control', host, port });
      });
      await member!.until('refused', ({ items }) => items['listener/l3']?.state === 'refused');
      expect(await isOpen(port)).toBe(false);
    });

    it('at which garbage is thrown goes on', async () => {
      const port = await relay!.port('member');
      for (let seed = 1; seed <= 40; seed++) await hurl(port, garbage(seed));
      expect(relay!.running.isAlive()).toBe(true);
      const late = await topology.member('late', a, relay!);
      expect(await askPort(await late.listen(a.id, 'inventory'), 'x')).toBe('inventory: x');
    });
  });
}

/** Random bytes, and starts of what might be a TLS handshake or HTTP. */
function garbage(seed: number): Buffer {
  const random = bytes(1 + ((seed * 977) % 20_000), seed);
  const starts = [Buffer.alloc(0), Buffer.from('160301020001', 'hex'), Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')];
  return Buffer.concat([starts[seed % starts.length]!, random]);
}

function hurl(port: number, data: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.setTimeout(200, () => socket.destroy());
    socket.resume();
    socket.end(data);
  });
}
