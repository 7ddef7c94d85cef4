import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdmissionItem, Observation, Window } from '@caravan/data-plane';
import { serverNameOf } from '@caravan/data-plane';
import type { Shaken } from './handshake.js';
import { shakeHands } from './handshake.js';
import { ask, askPort, dial, echoing, finish, serve } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { startTicketGiver } from './ticket-giver.js';
import { Topology } from './topology.js';
import type { Network } from './world.js';
import { memberIdentity } from './world.js';

/** Long enough to be refused twice before it, on a busy machine. */
const AHEAD_MS = 4_000;
/** A link is dialled again every few seconds. */
const SOON_MS = 10_000;
/** "At once" for links whose network ended, or whose trust was removed. */
const AT_ONCE_MS = 1_500;

const at = (ms: number): string => new Date(ms).toISOString();

/** Trust is a matter of time, and what leaves it is gone for good. Certificates here are valid all the while. */
export function keepsWindows(start: StartDataPlane): void {
  describe('lets in', () => {
    const topology = new Topology(start);
    const { world } = topology;
    /** Two networks at the same access points: one to come, and one that is on all the while. */
    const { a: fair, b: shop } = world;
    let relay: TestSite;
    let [early, late, clerk, till]: TestSite[] = [];
    let ports: { fair: number; shop: number };
    let startsAt: number;
    let shopSince: string | undefined;

    const port = (door: 'claim' | 'member') => topology.portOf(relay, door);
    const knock = (door: 'claim' | 'member', network: Network): Promise<Shaken> => {
      const credential = door === 'claim' ? world.claim(network, 'by-hand') : world.member(network, 'by-hand');
      return shakeHands({ port: port(door), serverName: serverNameOf(door, network.id), credential });
    };
    const giveWindow = (network: Network, window: Window): Promise<unknown> =>
      relay.change(({ admissions }) => {
        for (const admission of admissions) if (isOf(network, admission)) admission.window = window;
      });
    const linkOf = async (name: string, network: Network): Promise<Observation['links'][number] | undefined> => {
      const { links } = await relay.plane.observe();
      return links.find(({ peerIdentity }) => peerIdentity === memberIdentity(network.id, name));
    };
    const isGone = (name: string, network: Network): Promise<unknown> =>
      relay.until(
        `${name} is gone`,
        ({ links }) => !links.some(({ peerIdentity }) => peerIdentity === memberIdentity(network.id, name)),
        AT_ONCE_MS,
      );
    /** A member that dials, whether it is let in or not. */
    const dialling = async (name: string, network: Network): Promise<TestSite> => {
      const site = await topology.site(name);
      const to = { access: 'member', ownerId: network.id, port: port('member') } as const;
      return site.link('in', to, world.member(network, name));
    };
    /** The negative control: whoever else comes by the same ports is let in and carried all the while. */
    const shopGoesOn = async (): Promise<void> => {
      expect(await askPort(ports.shop, 'x')).toBe('shop: x');
      expect((await linkOf('till', shop))?.since).toBe(shopSince);
      for (const door of ['claim', 'member'] as const) expect((await knock(door, shop)).verdict).toBe('admitted');
    };

    beforeAll(async () => {
      const [inventory, counter] = [await serve(echoing('fair')), await serve(echoing('shop'))];
      for (const server of [inventory, counter]) topology.closing.add(server.close);
      relay = await topology.relay('r1');
      await giveWindow(shop, { from: at(Date.now() - 1_000), until: at(Date.now() + 3_600_000) });
      // Before anybody dials: it has not started.
      await giveWindow(fair, { from: at(Date.now() + 3_600_000) });
      [early, late, clerk, till] = [
        await dialling('early', fair),
        await dialling('late', fair),
        await dialling('clerk', shop),
        await dialling('till', shop),
      ];
      for (const site of [clerk, till]) await site.applied('link/in');
      await clerk.connect(shop.id, 'goods', counter.port);
      await early.connect(fair.id, 'goods', inventory.port);
      ports = { fair: await late.listen(fair.id, 'goods'), shop: await till.listen(shop.id, 'goods') };
      shopSince = (await linkOf('till', shop))?.since;
      startsAt = Date.now() + AHEAD_MS;
      await giveWindow(fair, { from: at(startsAt) });
    });
    afterAll(() => topology.close());

    it('nobody before the start: neither a claim nor a member, though the chain is right', async () => {
      const verdicts = [await knock('claim', fair), await knock('member', fair)];
      expect(Date.now()).toBeLessThan(startsAt); // else nothing was shown
      expect(verdicts.map(({ verdict }) => verdict)).toEqual(['refused', 'refused']);
      const { items, links } = await relay.plane.observe();
      expect(links.some(({ peerIdentity }) => peerIdentity?.includes(fair.id))).toBe(false);
      expect(items[`admission/claim-${fair.id}`]?.detail).toContain('not started');
      await shopGoesOn();
    });

    it('from the start on: who dialled before is in by itself, and nothing was pushed', async () => {
      await pause(startsAt - Date.now());
      for (const site of [early!, late!]) {
        await site.until('it is in', ({ items }) => items['link/in']?.state === 'applied', SOON_MS);
      }
      expect(await askPort(ports.fair, 'x')).toBe('fair: x');
      for (const door of ['claim', 'member'] as const) expect((await knock(door, fair)).verdict).toBe('admitted');
      expect((await relay.plane.observe()).items[`admission/claim-${fair.id}`]?.detail).toContain('open');
      await shopGoesOn();
    });

    it('nobody from the end on: what is carried is cut, live links are gone, and none comes back', async () => {
      const carried = await dial(ports.fair);
      const endsAt = Date.now() + AHEAD_MS / 2;
      await giveWindow(fair, { from: at(startsAt), until: at(endsAt) });
      expect(await ask(carried, 'x')).toBe('fair: x');
      expect(Date.now()).toBeLessThan(endsAt); // else nothing was shown
      const cut = finish(carried);
      await pause(endsAt - Date.now());
      await Promise.all([isGone('early', fair), isGone('late', fair)]);
      expect(await cut).toBe('reset');
      for (const door of ['claim', 'member'] as const) expect((await knock(door, fair)).verdict).toBe('refused');
      await expect(askPort(ports.fair, 'x')).rejects.toThrow();
      expect((await relay.plane.observe()).items[`admission/claim-${fair.id}`]?.detail).toContain('ended');
      await shopGoesOn();
    });

    it('those again whose network got another window', async () => {
      await giveWindow(fair, { from: at(startsAt) });
      for (const site of [early!, late!]) {
        await site.until('it is in', ({ items }) => items['link/in']?.state === 'applied', SOON_MS);
      }
      expect(await askPort(ports.fair, 'x')).toBe('fair: x');
    });

    it('nobody whose trust was removed: its live link is cut, and no earlier session leads back in', async () => {
      const door = { port: port('member'), serverName: serverNameOf('member', fair.id) };
      const credential = world.member(fair, 'guest');
      const first = await shakeHands({ ...door, credential, collect: true });
      expect(first.verdict).toBe('admitted');
      expect(first.sessions.length).toBeGreaterThan(0);
      for (const session of first.sessions) {
        expect(await shakeHands({ ...door, credential, session })).toMatchObject({
          verdict: 'admitted',
          isResumed: false,
        });
      }
      const carried = await dial(ports.fair);
      expect(await ask(carried, 'x')).toBe('fair: x');
      const cut = finish(carried);
      const other = topology.world.network('elsewhere').memberCa;
      await relay.change(({ admissions }) => {
        for (const each of admissions) if (each.id === `member-${fair.id}`) each.trust = [other.certificatePem];
      });
      await Promise.all([isGone('early', fair), isGone('late', fair)]);
      expect(await cut).toBe('reset');
      for (const session of [undefined, ...first.sessions]) {
        expect((await shakeHands({ ...door, credential, ...(session && { session }) })).verdict).toBe('refused');
      }
      await shopGoesOn();
    });

    it('and that would be noticed: where tickets are given, one leads back in after its authority was removed', async () => {
      const forgetful = await startTicketGiver(world.accessPoint('forgetful'), fair.memberCa);
      topology.closing.add(forgetful.close);
      const door = { port: forgetful.port, serverName: 'any.test', credential: world.member(fair, 'guest') };
      const { sessions } = await shakeHands({ ...door, collect: true });
      expect(sessions.length).toBeGreaterThan(0);
      forgetful.trust(world.network('elsewhere').memberCa);
      expect((await shakeHands(door)).verdict).toBe('refused');
      expect(await shakeHands({ ...door, session: sessions[0]! })).toMatchObject({
        verdict: 'admitted',
        isResumed: true,
      });
    });
  });
}

const isOf = ({ id }: Network, admission: AdmissionItem): boolean =>
  admission.id === `claim-${id}` || admission.id === `member-${id}`;
