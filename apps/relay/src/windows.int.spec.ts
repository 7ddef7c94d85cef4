import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionItem, Observation, Window } from '@caravan/data-plane';
import { serverNameOf } from '@caravan/data-plane';
import { eventually } from '@caravan/testing';
import { ask, askPort, dial, echoing, finish, memberIdentity, serve, Topology } from '@caravan/testing/data-plane';
import type { RunningDataPlane, TestSite } from '@caravan/testing/data-plane';
import { Counters } from './counters.js';
import { productionTiming } from './limits.js';
import { dialTls } from './raw-peer.fixture.js';
import { Relay } from './relay.js';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const HOUR = 3_600_000;

/** Relays within this process whose clock is set by hand. */
class Clock {
  ahead = 0;
  readonly counters = new Counters();
  readonly relays: Relay[] = [];
  readonly now = (): number => Date.now() + this.ahead;

  readonly start = async (): Promise<RunningDataPlane> => {
    const timing = { ...productionTiming, expiryCheckMs: 20, backoff: { firstMs: 20, mostMs: 100 } };
    const relay = new Relay({
      log: silent,
      counters: this.counters,
      timing,
      changed: () => undefined,
      now: this.now,
    });
    this.relays.push(relay);
    const stop = async (): Promise<void> => relay.close();
    const plane = {
      apply: async (configuration: Parameters<Relay['apply']>[0]) => relay.apply(configuration),
      observe: async () => relay.observe(),
      watch: () => () => undefined,
      openControl: () => Promise.reject(new Error('not here')),
      close: stop,
    };
    return { plane, kill: stop, stop, isAlive: () => true };
  };

  refused(code: string): number {
    return this.counters.of('caravan_relay_handshakes_refused_total', code);
  }

  /** So long from the real now on. */
  at = (ms: number): string => new Date(Date.now() + ms).toISOString();
}

/** The clock goes forth and back; nothing is ever pushed because of it. */
describe("A relay's own clock", () => {
  const clock = new Clock();
  const topology = new Topology(clock.start);
  const { a, b } = topology.world;
  let relay: TestSite;
  let member: TestSite;
  let since: string | undefined;
  afterAll(() => topology.close());

  const give = (window: Window, more: Partial<AdmissionItem> = {}): Promise<unknown> =>
    relay.change(({ admissions }) => {
      for (const admission of admissions)
        if (admission.id === `member-${a.id}`) Object.assign(admission, { window, ...more });
    });
  const isThere = ({ links }: Observation) => links.some((link) => link.peerIdentity === memberIdentity(a.id, 'm1'));
  const isIn = async () => isThere(await relay.plane.observe());
  const comesIn = () => relay.until('it is in', isThere);
  const goes = () => relay.until('it is gone', (observation) => !isThere(observation));
  const says = async () => (await relay.plane.observe()).items[`admission/member-${a.id}`];
  const othersSince = async () =>
    (await relay.plane.observe()).links.find(({ peerIdentity }) => peerIdentity === memberIdentity(b.id, 'other'))
      ?.since;
  const link = () => ({ access: 'member', ownerId: a.id, port: topology.portOf(relay, 'member') }) as const;
  const toDoor = () => ({ port: topology.portOf(relay, 'member'), serverName: serverNameOf('member', a.id) });

  beforeAll(async () => {
    const inventory = await serve(echoing('inventory'));
    topology.closing.add(inventory.close);
    relay = await topology.relay('r1');
    const other = await topology.member('other', b, relay);
    await other.connect(b.id, 'inventory', inventory.port);
    since = await othersSince();
    await give({ from: clock.at(HOUR), until: clock.at(400 * 24 * HOUR) });
    member = await topology.site('m1');
    await member.link('in', link(), topology.world.member(a, 'm1'));
    await member.connect(a.id, 'inventory', inventory.port);
  });

  it('comes to a minute before the start: the trust is loaded, with nobody there, and no sooner', async () => {
    const loaded = () =>
      clock.relays[0]!.gauges().find(({ name }) => name === 'caravan_relay_tls_contexts')?.values[''] ?? 0;
    const before = loaded();
    clock.ahead = HOUR - 65_000;
    await pause(300); // fifteen looks
    expect(loaded()).toBe(before);
    clock.ahead = HOUR - 55_000;
    await eventually('it is loaded', () => loaded() === before + 1);
    expect(await isIn()).toBe(false);
    clock.ahead = 0;
  });

  it('has not come to the start: the handshake ends before a certificate is shown', async () => {
    const before = clock.refused('door.not-started');
    await expect(dialTls({ ...toDoor(), credential: topology.world.member(a, 'm2') })).rejects.toThrow();
    expect(clock.refused('door.not-started')).toBeGreaterThan(before);
    expect(await says()).toMatchObject({ state: 'applied', detail: expect.stringContaining('not started') });
    expect(await isIn()).toBe(false);
  });

  it('comes to the start: who was waiting is in', async () => {
    clock.ahead = HOUR + 1;
    await comesIn();
    expect(await says()).toMatchObject({ state: 'applied', detail: expect.stringContaining('open since') });
  });

  it('goes back before the start: who was in is out, until it comes again', async () => {
    clock.ahead = 0;
    await goes();
    clock.ahead = HOUR + 1;
    await comesIn();
  });

  it('comes to the end: what is carried is cut, and the door stays shut when the clock goes back', async () => {
    const store = await topology.site('store');
    const credential = topology.world.member(a, 'store');
    await store.link('in', link(), credential);
    await store.applied('link/in');
    const port = await store.listen(a.id, 'inventory');
    await eventually('its route is known again', () => askPort(port, 'x').catch(() => undefined));
    const carried = await dial(port);
    expect(await ask(carried, 'x')).toBe('inventory: x');
    const window = { from: clock.at(-HOUR), until: clock.at(2 * HOUR) };
    await give(window);
    expect(await isIn()).toBe(true);
    const end = finish(carried);
    clock.ahead = 2 * HOUR;
    await goes();
    expect(await end).toBe('reset');
    expect(await says()).toMatchObject({ detail: `ended: nobody is let in since ${window.until}` });
    clock.ahead = 0;
    await expect(dialTls({ ...toDoor(), credential })).rejects.toThrow();
    await give(window, { denied: [memberIdentity(a.id, 'evicted')] });
    expect(await says()).toMatchObject({ detail: expect.stringContaining('the clock went back') });
    expect(await isIn()).toBe(false);
  });

  it('does not concern the other network at the same access point', async () => {
    expect(since).toBeDefined();
    expect(await othersSince()).toBe(since);
  });

  it('lets in again with another window only', async () => {
    await give({ from: clock.at(-HOUR) });
    await comesIn();
    const port = await member.listen(a.id, 'inventory');
    expect(await askPort(port, 'x')).toBe('inventory: x');
  });

  it('is counted for whoever watches', () => {
    const doors = clock.relays[0]!.gauges().find(({ name }) => name === 'caravan_relay_doors');
    expect(doors?.values).toEqual({ 'not-started': 0, open: 1, ended: 0 });
  });
});
