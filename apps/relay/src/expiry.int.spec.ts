import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { issue, memberIdentity, Topology } from '@caravan/testing/data-plane';
import type { RunningDataPlane } from '@caravan/testing/data-plane';
import { Counters } from './counters.js';
import { productionTiming } from './limits.js';
import { Relay } from './relay.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** A relay within this process, impatient where the real one may wait. */
async function startImpatient(): Promise<RunningDataPlane> {
  const timing = { ...productionTiming, expiryCheckMs: 100 };
  const relay = new Relay({ log: silent, counters: new Counters(), timing, changed: () => undefined });
  const stop = async (): Promise<void> => relay.close();
  const plane = {
    apply: async (configuration: Parameters<Relay['apply']>[0]) => relay.apply(configuration),
    observe: async () => relay.observe(),
    watch: () => () => undefined,
    openControl: () => Promise.reject(new Error('not here')),
    close: stop,
  };
  return { plane, kill: stop, stop, isAlive: () => true };
}

describe('A certificate that expires', () => {
  const topology = new Topology(startImpatient);
  const { a } = topology.world;
  afterAll(() => topology.close());

  it('ends its link, at both ends, and no other', async () => {
    const relay = await topology.relay('r1');
    const lasting = await topology.member('lasting', a, relay);
    const site = await topology.site('brief');
    const to = { access: 'member', ownerId: a.id, port: topology.portOf(relay, 'member') } as const;
    const identity = memberIdentity(a.id, 'brief');
    await site.link('in', to, issue(a.memberCa, 'member', { identity, lifetimeMs: 3_000 }));
    await site.applied('link/in');
    const isThere = (links: { peerIdentity: string | null }[]): boolean =>
      links.some(({ peerIdentity }) => peerIdentity === identity);
    expect(isThere((await relay.plane.observe()).links)).toBe(true);
    await relay.until('the link has ended', ({ links }) => !isThere(links), 5_000);
    await site.until('it waits', ({ items }) => items['link/in']?.state === 'waiting');
    expect((await lasting.plane.observe()).items['link/to-r1']?.state).toBe('applied');
  });

  it('of an access point ends no link, once there is the next one', async () => {
    const relay = await topology.relay('r2');
    const accessPoint = (lifetimeMs?: number) => {
      const { infrastructure } = topology.world;
      const names = { identity: topology.world.accessPointIdentity('r2-member'), hosts: ['127.0.0.1'] };
      return issue(infrastructure, 'accessPoint', lifetimeMs === undefined ? names : { ...names, lifetimeMs });
    };
    const hold = (credential: ReturnType<typeof accessPoint>): Promise<unknown> =>
      relay.change(({ certificates }) => void (certificates['member-certificate'] = credential));
    await hold(accessPoint(6_000));
    const member = await topology.member('stays', a, relay);
    const [before] = (await member.plane.observe()).links;
    await hold(accessPoint());
    // A moment without a line would be seen in the state of the link.
    for (const until = Date.now() + 8_000; Date.now() < until; await pause(20)) {
      expect((await member.plane.observe()).items['link/to-r2']?.state).toBe('applied');
    }
    const [after] = (await member.plane.observe()).links;
    expect(after?.since).not.toBe(before?.since);
  });
});
