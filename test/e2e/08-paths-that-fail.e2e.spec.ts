import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listSiteConnections, openSiteConnector, openSiteListener } from '@caravan/api';
import type { SiteConnection } from '@caravan/api';
import { isOpen } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  eventually,
  LiveStream,
  Requests,
  Scene,
  serveEcho,
  socketsOf,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage, Socket, TestSite } from '@caravan/testing/installation';

/** How long requests may go unanswered when a relay on their way is killed, and when it falls silent. */
const KILLED_MS = 2_000;
const SILENT_MS = 10_000;
/** A neighbour that is back is dialled within a second; a machine that is busy with other things may take longer. */
const REDIALLED_MS = 4_000;
/** From this part of what is allowed on it is told how it came to be. */
const UNUSUAL = 0.6;
/** The only way is one relay that is started again and dialled. */
const RESTARTED_MS = 10_000;

/** Longer than all waits of a step together: each has an end of its own, and says what did not come. */
vi.setConfig({ testTimeout: 300_000 });

/**
 * ```
 * buyer ─┬─ west ─┬─ upper ─┬─ east ── seller     upper dials west and east, and is the cheaper way
 *        │        └── dmz ──┘                     dmz is dialled by west, east and buyer, and dials nobody
 *        └─── dmz
 * ```
 */
describe('paths that fail', () => {
  let installation: TestInstallation;
  let server: TestServer;
  let west: BackboneSiteOnStage;
  let upper: BackboneSiteOnStage;
  let dmz: BackboneSiteOnStage;
  let east: BackboneSiteOnStage;
  let buyer: TestSite;
  /** A new connection every 50 ms, from the first test to the last. */
  let requests: Requests;
  /** The same without any relay: whether it was the machine that stood still. */
  let straight: Requests;
  let port: number;

  beforeAll(async () => {
    server = await serveEcho();
    installation = await TestInstallation.start();
    const scene = new Scene(installation);
    const backbone = await scene.backbone('paths');
    const site = (name: string) => scene.backboneSite(backbone, name);
    [west, upper, dmz, east] = await Promise.all([site('west'), site('upper'), site('dmz'), site('east')]);
    await scene.link(upper, west);
    await scene.link(upper, east);
    await scene.link(west, dmz, 5);
    await scene.link(east, dmz, 5);
    const network = await scene.network(backbone, 'paths');
    const seller = await scene.member(network, 'seller', east);
    buyer = await scene.member(network, 'buyer', west, dmz);
    port = await installation.ports.choose('goods');
    await seller.api()!.call(openSiteConnector, { body: { address: 'goods', port: server.port } });
    await buyer.api()!.call(openSiteListener, { body: { address: 'goods', port } });
    requests = new Requests(port);
    straight = new Requests(server.port);
    await requests.answered(20);
    await allLinked();
    await passes(upper);
  });
  afterAll(async () => {
    requests?.stop();
    straight?.stop();
    server?.close();
    await installation?.stop();
  });

  const say = (line: string): void => void process.stdout.write(`    ${line}\n`);
  const socketsAt = ({ site }: { site: TestSite }): Socket[] => socketsOf([site.pid('relay') ?? 0]);
  /** What the relays last said of their lines: for whoever wants to know why something does not come. */
  const linesOfAll = (): string =>
    [buyer, west.site, upper.site, dmz.site, east.site]
      .flatMap((site) => [site.name, ...(site.logs().match(/.*"msg":"line .*/g) ?? []).slice(-12)])
      .join('\n');
  /** The TLS connections of a link, by their ports at the end that dialled them. A link has two. */
  const linesOf = (from: TestSite, to: BackboneSiteOnStage, kind: 'peer' | 'member'): number[] => {
    const lines = socketsAt({ site: from }).filter(
      ({ state, remotePort }) => state === 'established' && remotePort === to.accessPoints[kind].port,
    );
    // The kernel's table changes while it is read: it may show one twice, or once not.
    return [...new Set(lines.map(({ localPort }) => localPort))].sort();
  };
  const linked = (from: TestSite, to: BackboneSiteOnStage, kind: 'peer' | 'member') =>
    eventually(
      () => `${from.name} is linked to ${to.site.name}.\n${linesOfAll()}`,
      () => linesOf(from, to, kind).length >= 2 || undefined,
    );
  const links = (): Parameters<typeof linesOf>[] => [
    [upper.site, west, 'peer'],
    [upper.site, east, 'peer'],
    [west.site, dmz, 'peer'],
    [east.site, dmz, 'peer'],
    [buyer, west, 'member'],
    [buyer, dmz, 'member'],
  ];
  const allLinked = async (): Promise<void> => {
    for (const link of links()) await linked(...link);
  };
  const givenUp = (who: BackboneSiteOnStage, by: BackboneSiteOnStage) =>
    eventually(
      () => `${by.site.name} gives ${who.site.name} up.\n${linesOfAll()}`,
      () => linesOf(who.site, by, 'peer').length === 0 || undefined,
    );
  /** Requests that begin from now on go over this relay. */
  const passes = ({ site }: BackboneSiteOnStage, isSo: (connection: SiteConnection) => boolean = () => true) => {
    const since = new Date().toISOString();
    let seen: unknown;
    return eventually(
      () => `requests go over ${site.name}. Since ${since} it saw ${JSON.stringify(seen)}.\n${linesOfAll()}`,
      async () => {
        const { items } = await site.api()!.call(listSiteConnections, {});
        const recent = items.filter(({ at, scope }) => at > since && scope !== 'control');
        seen = recent.slice(0, 3);
        return recent.find((each) => each.outcome === 'carried' && isSo(each));
      },
    );
  };
  /** Kills a relay that nobody starts again before `revive`. */
  const killForGood = async ({ site }: BackboneSiteOnStage): Promise<number> => {
    await site.freeze('supervisor');
    site.kill('relay');
    return performance.now();
  };
  const revive = async ({ site }: BackboneSiteOnStage): Promise<void> => {
    site.thaw('supervisor');
    await eventually(`the relay of ${site.name} is back`, () => site.pid('relay'));
    await allLinked();
  };
  /** Which way each relay has sent what it was asked for since then, and what came of it, as often as it was so. */
  const waysSince = async (since: number): Promise<string> => {
    const from = new Date(Date.now() - (performance.now() - since)).toISOString();
    const told = [buyer, west.site, dmz.site, east.site].map(async (site) => {
      const { items } = await site
        .api()!
        .call(listSiteConnections, {})
        .catch(() => ({ items: [] })); // it may be killed
      const counts = new Map<string, number>();
      for (const { at, to, outcome } of items.filter((each) => each.at > from && each.scope !== 'control')) {
        const way = `${at.slice(17, 19)} s to ${to?.id ?? 'nobody'}: ${outcome}`;
        counts.set(way, (counts.get(way) ?? 0) + 1);
      }
      return [site.name, ...[...counts].map(([way, count]) => `  ${way} ${count} times`)].join('\n');
    });
    return (await Promise.all(told)).join('\n');
  };
  /** The longest time without an answer is no longer than this; over once requests were answered for a while. */
  const goesOn = async (what: string, since: number, withinMs: number): Promise<void> => {
    await requests.answered(40);
    const gap = requests.gapSince(since);
    say(`${what}: no answer for ${gap} ms`);
    if (gap <= withinMs * UNUSUAL) return;
    const answered = `answered in each second: ${requests.perSecond(since)}; without relays: ${straight.perSecond(since)}`;
    const why = `no answer for ${gap} ms of ${withinMs}; ${answered}\n${await waysSince(since)}\n${linesOfAll()}`;
    say(why);
    if (gap > withinMs) throw new Error(`${what}: ${why}`);
  };

  it('1. a relay on the way is killed: its streams are reset, and what is new takes the other way within two seconds', async () => {
    const stream = await LiveStream.open(port);
    const since = await killForGood(upper);
    expect(await stream.ended()).toBe('reset');
    await goesOn('the relay on the way was killed', since, KILLED_MS);
    await passes(dmz, ({ hops }) => hops === 1);
  });

  it('2. it comes back, and takes its traffic over without an interruption', async () => {
    const since = performance.now();
    await revive(upper);
    await passes(upper);
    await requests.answered(20);
    expect(requests.problemsSince(since)).toEqual([]);
  });

  it('3. it falls silent: within ten seconds its streams are reset and what is new takes the other way', async () => {
    const stream = await LiveStream.open(port);
    const since = performance.now();
    await upper.site.whileFrozen('relay', async () => {
      expect(await stream.ended()).toBe('reset');
      say(`a stream over a silent relay: reset after ${Math.round(performance.now() - since)} ms`);
      await goesOn('the relay on the way fell silent', since, SILENT_MS);
      await Promise.all([givenUp(upper, west), givenUp(upper, east)]);
    });
  });

  it('4. it goes on: no way that is no more is taken, and links stay', async () => {
    const since = performance.now();
    await allLinked();
    await passes(upper);
    const lines = () => links().map((link) => linesOf(...link));
    const before = lines();
    await requests.answered(60);
    const stay = (): true | undefined => isDeepStrictEqual(lines(), before) || undefined;
    await eventually(() => `links stay: ${JSON.stringify(before)} is ${JSON.stringify(lines())}`, stay, {
      withinMs: 5_000,
    });
    expect(requests.problemsSince(since)).toEqual([]);
  });

  it("5. one of a member's two relays is killed: it goes on over the other within two seconds", async () => {
    const stream = await LiveStream.open(port);
    const since = await killForGood(west);
    expect(await stream.ended()).toBe('reset');
    await goesOn("one of a member's two relays was killed", since, KILLED_MS);
    await passes(dmz, ({ hops }) => hops === 0);
    await revive(west);
    await passes(upper);
  });

  it('6. a site that only accepts has no connection of its own making, and is dialled again when it or a neighbour restarts', async () => {
    const outgoing = (of: BackboneSiteOnStage): Socket[] => {
      const sockets = socketsAt(of);
      const own = new Set(sockets.filter(({ state }) => state === 'listening').map(({ localPort }) => localPort));
      return sockets.filter(({ state, localPort }) => state === 'established' && !own.has(localPort));
    };
    expect(outgoing(dmz)).toEqual([]);
    expect(outgoing(upper).length).toBeGreaterThanOrEqual(4); // what tells them apart sees those of others

    const since = await killForGood(upper); // now dmz is the only way
    await goesOn('the other way was killed', since, KILLED_MS);
    for (const [who, doors] of [
      [east, () => linked(east.site, dmz, 'peer')],
      [dmz, () => Promise.all([linked(west.site, dmz, 'peer'), linked(east.site, dmz, 'peer')])],
    ] as const) {
      const before = who.site.pid('relay');
      const killed = performance.now();
      who.site.kill('relay');
      await eventually('its relay is another one', () => {
        const pid = who.site.pid('relay');
        return pid !== undefined && pid !== before;
      });
      await eventually('its doors are open', async () => (await isOpen(who.accessPoints.peer.port ?? 0)) || undefined);
      const open = performance.now();
      await doors();
      const redialled = Math.round(performance.now() - open);
      say(`${who.site.name} restarted: links there ${redialled} ms after its doors were`);
      expect(redialled).toBeLessThan(REDIALLED_MS);
      await goesOn(`${who.site.name} restarted`, killed, RESTARTED_MS);
      await passes(dmz);
    }
    expect(outgoing(dmz)).toEqual([]);
    await revive(upper);
  });
});
