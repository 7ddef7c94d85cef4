import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyConfiguration } from '@caravan/data-plane';
import type { Configuration } from '@caravan/data-plane';
import type { HandOver } from '@caravan/data-plane/relay';
import { eventually } from '@caravan/testing';
import { askPort, echoing, isOpen, serve, Topology } from '@caravan/testing/data-plane';
import type { TestSite } from '@caravan/testing/data-plane';
import type { RelayProcess } from '../relay-process.fixture.js';
import { startRelay, startRelayWith } from '../relay-process.fixture.js';

const bytesOf = (configuration: unknown): HandOver => ({ configuration: Buffer.from(JSON.stringify(configuration)) });

describe('A relay that is started again by its supervisor', () => {
  const topology = new Topology(startRelay);
  const { a } = topology.world;
  let [relay, store]: TestSite[] = [];
  let last: Configuration;
  let port: number;
  beforeAll(async () => {
    const inventory = await serve(echoing('inventory'));
    topology.closing.add(inventory.close);
    relay = await topology.relay('r1');
    const hq = await topology.member('hq', a, relay);
    await hq.connect(a.id, 'inventory', inventory.port);
    store = await topology.member('store', a, relay);
    port = await store.listen(a.id, 'inventory');
    expect(await askPort(port, 'x')).toBe('inventory: x');
    // Another process has no memory of its ports: they are what the others dial.
    last = structuredClone(relay.configuration);
    for (const point of last.accessPoints) point.bindPort = topology.portOf(relay, point.access);
  }, 120_000);
  afterAll(() => topology.close());

  const again = async (handOver?: HandOver): Promise<RelayProcess> => {
    const process = await startRelayWith(handOver);
    topology.closing.add(() => process.stop());
    relay!.running = process;
    return process;
  };
  const logs = ({ child, log }: RelayProcess, what: string): Promise<true> =>
    eventually(`its log says ${what}`, () => {
      if (log().includes(what)) return true;
      if (child.exitCode !== null) throw new Error(`The relay has ended before its log said ${what}`);
      return false;
    });

  it('and given nothing listens nowhere', async () => {
    await relay!.running.kill();
    const bare = await again();
    expect(await bare.plane.observe()).toEqual({ items: {}, links: [] });
    expect(await isOpen(topology.portOf(relay!, 'member'))).toBe(false);
    await bare.kill();
  });

  it('is what it was, without a word from the site-controller; traffic flows again', async () => {
    await again(bytesOf(last));
    await relay!.applied('access-point/member');
    await store!.applied('link/to-r1');
    const answer = await eventually('traffic flows', () => askPort(port, 'y').catch(() => undefined));
    expect(answer).toBe('inventory: y');
  });

  it('follows the site-controller when that is back', async () => {
    await relay!.plane.apply({ ...last, accessPoints: [] });
    expect(await isOpen(topology.portOf(relay!, 'member'))).toBe(false);
    await relay!.running.kill();
  });

  it('takes nothing that is older than what it has heard already', async () => {
    const running = await again();
    await running.plane.apply(emptyConfiguration('r1'));
    running.child.send(bytesOf(last));
    await logs(running, 'is late');
    expect(await running.plane.observe()).toEqual({ items: {}, links: [] });
    await running.kill();
  });

  it.each([
    ['is no configuration', bytesOf({ siteId: 'r1' }), 'configuration.malformed'],
    ['is no JSON', { configuration: Buffer.from('{"key": "-----BEGIN PRIVATE KEY') }, 'control.not-json'],
  ])('says so, goes on and waits for the site-controller when what it was given %s', async (_, handOver, code) => {
    const running = await again(handOver);
    await logs(running, code);
    expect(running.log()).not.toContain('PRIVATE KEY');
    await running.plane.apply(last);
    await relay!.applied('access-point/member');
    await running.kill();
  });
});
