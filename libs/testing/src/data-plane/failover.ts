import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, askPort, echoing, serve } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';

/** The bound for a relay that was killed. */
const FAILOVER_MS = 2_000;

async function within<T>(ms: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Relays die; what can go another way does. */
export function failsOver(start: StartDataPlane): void {
  describe('a killed relay', () => {
    const topology = new Topology(start);
    const { a } = topology.world;
    let [west, middle, detour, hq, store]: TestSite[] = [];
    let port: number;
    beforeAll(async () => {
      const [inventory, control] = [await serve(echoing('inventory')), await serve(echoing('control'))];
      topology.closing.add(inventory.close);
      topology.closing.add(control.close);
      // store - west - { middle | detour, dearer } - east - hq; the management plane at west and at detour
      west = await topology.relay('west');
      middle = await topology.relay('middle', west);
      detour = await topology.relay('detour');
      await topology.peer(detour, west, 5);
      const east = await topology.relay('east', middle);
      await topology.peer(east, detour, 5);
      hq = await topology.member('hq', a, east);
      await hq.connect(a.id, 'inventory', inventory.port);
      store = await topology.member('store', a, west, detour);
      await topology.management(control.port, west, detour);
      port = await store.listen(a.id, 'inventory');
    });
    afterAll(() => topology.close());

    it('is not there yet: the short way is used', async () => {
      const carriedBefore = await throughput(middle!);
      expect(await within(2_000, () => askPort(port, 'x'))).toBe('inventory: x');
      expect(await throughput(middle!)).toBeGreaterThan(carriedBefore);
      expect(await ask(await hq!.plane.openControl(), 'hq')).toBe('control: hq');
    });

    it('on the way: its traffic takes the other way within two seconds', async () => {
      await middle!.running.kill();
      expect(await within(FAILOVER_MS, () => askPort(port, 'x'))).toBe('inventory: x');
    });

    it("at a member's door: the member goes on over its other link within two seconds", async () => {
      await west!.running.kill();
      expect(await within(FAILOVER_MS, () => askPort(port, 'x'))).toBe('inventory: x');
      expect(await within(FAILOVER_MS, async () => ask(await store!.plane.openControl(), 's'))).toBe('control: s');
      expect(await within(FAILOVER_MS, async () => ask(await hq!.plane.openControl(), 'h'))).toBe('control: h');
    });

    it('is missed by those who dialled it, and welcomed back', async () => {
      await store!.until('the link waits', ({ items }) => items['link/to-west']?.state === 'waiting', FAILOVER_MS);
      const { accessPoints } = west!.configuration;
      const again = await start('west');
      topology.closing.add(() => again.stop());
      west!.running = again;
      await west!.change((next) => {
        // Another process has no memory of its ports: they are what the others dial.
        for (const point of next.accessPoints) point.bindPort = topology.portOf(west!, point.access);
      });
      expect(accessPoints).toHaveLength(4);
      await store!.applied('link/to-west', 'link/to-detour');
    });
  });
}

async function throughput(site: TestSite): Promise<number> {
  const { links } = await site.plane.observe();
  return links.reduce((sum, { bytesIn }) => sum + bytesIn, 0);
}
