import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '@caravan/data-plane';
import { eventually, freePort, whileFrozen } from '@caravan/testing';
import { ask, askPort, dial, echoing, serve, Topology } from '@caravan/testing/data-plane';
import type { TestSite } from '@caravan/testing/data-plane';
import type { RelayProcess } from './relay-process.fixture.js';
import { startRelay } from './relay-process.fixture.js';

describe('The path of a connection', () => {
  const topology = new Topology(startRelay);
  const { a } = topology.world;
  const relayOf = (site: TestSite): RelayProcess => site.running as RelayProcess;
  let [hq, store, east, west, spare]: TestSite[] = [];
  let port: number;
  beforeAll(async () => {
    const inventory = await serve(echoing('inventory'));
    topology.closing.add(inventory.close);
    west = await topology.relay('west');
    spare = await topology.relay('spare', west);
    east = await topology.relay('east', west, spare);
    hq = await topology.member('hq', a, east);
    await hq.connect(a.id, 'inventory', inventory.port);
    store = await topology.member('store', a, west);
    port = await store.listen(a.id, 'inventory');
  }, 120_000);
  afterAll(() => topology.close());

  it('can be traced by its id, relay by relay', async () => {
    await eventually('the route is known', () => askPort(port, 'x').catch(() => undefined));
    const [first] = await relayOf(store!).plane.connections();
    const hops = await Promise.all(
      [store!, west!, east!, hq!].map((site) => relayOf(site).plane.connections(first!.id)),
    );
    expect(hops.map((found) => found.map(({ from, to, hops }) => [from.kind, to?.kind, hops]))).toEqual([
      [['listener', 'link', 0]],
      [['link', 'link', 0]],
      [['link', 'link', 1]],
      [['link', 'connector', 0]],
    ]);
    expect(first).toMatchObject({ scope: `network:${a.id}`, address: 'inventory', outcome: 'carried' });
    expect(first!.to!.peerChain[0]!.issuer).toContain('infrastructure');
    expect(await relayOf(spare!).plane.connections(first!.id)).toEqual([]);
  });

  it('shows refusals too', async () => {
    await askPort(await store!.listen(a.id, 'nothing'), 'x').catch(() => undefined);
    const [last] = await relayOf(store!).plane.connections();
    expect(last).toMatchObject({ address: 'nothing', to: null, outcome: 'tunnel.no-route' });
  });

  describe('whose own server does not answer', () => {
    let both: TestSite;
    let local: number;
    const last = async (): Promise<Connection[]> => {
      const [{ id } = { id: '' }] = await relayOf(both).plane.connections();
      return relayOf(both).plane.connections(id);
    };
    beforeAll(async () => {
      both = await topology.member('both', a, west!, east!);
      await both.connect(a.id, 'printer', await freePort());
      local = await both.listen(a.id, 'printer');
    });

    it('does not lead over the backbone and back to the same site', async () => {
      await expect(askPort(local, 'x')).rejects.toThrow();
      expect((await last()).map(({ from, outcome }) => [from.kind, outcome])).toEqual([
        ['listener', expect.any(String)],
      ]);
    });

    it('leads to that of another site', async () => {
      const printer = await serve(echoing('printer'));
      topology.closing.add(printer.close);
      await store!.connect(a.id, 'printer', printer.port);
      expect(await eventually('the other site is found', () => askPort(local, 'x').catch(() => undefined))).toBe(
        'printer: x',
      );
      expect(await last()).toHaveLength(1);
    });
  });

  it('leads around a relay that fell silent, within ten seconds', async () => {
    // The direct link becomes dear, so that the way leads over spare; then spare falls silent.
    await east!.change(({ links }) => void (links.find(({ id }) => id === 'to-west')!.cost = 50));
    const usesSpare = async (): Promise<boolean> => {
      await askPort(port, 'x');
      const [last] = await relayOf(store!).plane.connections();
      return (await relayOf(spare!).plane.connections(last!.id)).length > 0;
    };
    await eventually('the way leads over spare', () => usesSpare().catch(() => false));
    const carried = await dial(port);
    expect(await ask(carried, 'over spare')).toBe('inventory: over spare');
    const stopped = Date.now();
    await whileFrozen([relayOf(spare!).child.pid!], async () => {
      expect(await askPort(port, 'around')).toBe('inventory: around');
    });
    expect(Date.now() - stopped).toBeLessThan(10_500);
    carried.destroy();
  });
});
