import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSiteConnector, openSiteListener } from '@caravan/api';
import { isOpen } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import { askOnce, eventually, LiveStream, Scene, serveEcho, TestInstallation } from '@caravan/testing/installation';
import type { BackboneSiteOnStage, SiteProcess, TestSite } from '@caravan/testing/installation';

const SERVICES = ['management-controller', 'cert-service', 'router-config'] as const;
/** In the order in which they are started. */
const PLANE = ['postgres', 'nats-server', ...SERVICES, 'site-management'] as const;

/** The bound for a relay that is started again is two seconds; a machine that is busy with other things may take longer. */
const BACK_WITHIN_MS = 8_000;

/** Everything of the management plane is killed. Sites carry on, restart, and notice nothing but that nothing changes. */
describe('without the management plane', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let east: BackboneSiteOnStage;
  let west: BackboneSiteOnStage;
  let seller: TestSite;
  let buyer: TestSite;
  let server: TestServer;
  let port: number;
  const revive: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await serveEcho();
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('alone');
    // The one has its ports from its configuration, the other finds some.
    east = await scene.backboneSite(backbone, 'east');
    west = await scene.backboneSite(backbone, 'west', { anyPort: true });
    await scene.link(east, west);
    const network = await scene.network(backbone, 'alone');
    [seller, buyer] = await Promise.all([scene.member(network, 'seller', east), scene.member(network, 'buyer', west)]);
    port = await installation.ports.choose('goods');
    await seller.api()!.call(openSiteConnector, { body: { address: 'goods', port: server.port } });
    await buyer.api()!.call(openSiteListener, { body: { address: 'goods', port } });
    await answers();
  }, 180_000);
  afterAll(async () => {
    delete process.env['OPEN_UNHEARD_AFTER_SECONDS'];
    server.close();
    await installation.stop();
  });

  const answers = () =>
    eventually(
      'a new connection is carried',
      () =>
        askOnce(port).then(
          () => true,
          () => undefined,
        ),
      { everyMs: 20 },
    );
  const sites = (): [string, TestSite][] => [
    ['east', east.site],
    ['west', west.site],
    ['seller', seller],
    ['buyer', buyer],
  ];
  const siteCalled = (name: string): TestSite => new Map(sites()).get(name)!;
  /** How long it takes until new connections are carried again, as people measure it. */
  const measured = async (what: string, deed: () => Promise<void> | void): Promise<number> => {
    await deed();
    const start = performance.now();
    await answers();
    const ms = Math.round(performance.now() - start);
    process.stdout.write(`    ${what}: carried again after ${ms} ms\n`);
    return ms;
  };
  const another = (site: TestSite, which: SiteProcess, before: number | undefined) =>
    eventually(`${site.name} has another ${which}`, () => {
      const pid = site.pid(which);
      return pid !== undefined && pid !== before ? pid : undefined;
    });
  const NAMES = ['east', 'west', 'seller', 'buyer'];

  it('1. all of it is killed: what is carried goes on without a byte lost, and new connections are made', async () => {
    const stream = await LiveStream.open(port);
    for (const name of PLANE) installation.killProcess(name);
    revive.push(...(await Promise.all(PLANE.map((name) => installation.takeDown(name)))));
    await expect(fetch(installation.plane.apiUrl)).rejects.toThrow();
    for (const [, site] of sites()) await site.until('has noticed', ({ connected }) => !connected);
    await stream.flows();
    for (let i = 0; i < 20; i++) expect(await askOnce(port)).toBe('x');
    expect(await stream.finish()).toBeGreaterThan(0);
  });

  it.each(NAMES)(
    '2. the relay of %s is killed: what it carried is cut off, and it is back',
    async (name) => {
      const stream = await LiveStream.open(port);
      const site = siteCalled(name);
      const before = site.pid('relay');
      expect(await measured(`relay of ${name} killed`, () => site.kill('relay'))).toBeLessThan(BACK_WITHIN_MS);
      // The kernel closes what a killed process had open: with a reset only if something was not read yet. A relay that lives resets.
      expect(site === buyer ? ['end', 'reset'] : ['reset']).toContain(await stream.ended());
      await another(site, 'relay', before);
    },
    60_000,
  );

  it.each(NAMES)(
    '3. the relay of %s is killed while its controller is stopped: its supervisor hands over what it was',
    async (name) => {
      const site = siteCalled(name);
      const handedOver = () => site.logs().split('has handed over the last configuration').length;
      const before = handedOver();
      await site.whileFrozen('controller', async () => {
        const what = `relay of ${name} killed, controller stopped`;
        expect(await measured(what, () => site.kill('relay'))).toBeLessThan(BACK_WITHIN_MS);
        // It may say so after the relay was heard of.
        expect(await eventually('it is said', () => handedOver() > before && handedOver())).toBe(before + 1);
      });
    },
    60_000,
  );

  it.each(NAMES)(
    '4. relay and controller of %s are killed',
    async (name) => {
      const site = siteCalled(name);
      const before = site.pid('controller');
      await measured(`relay and controller of ${name} killed`, () => {
        site.kill('controller');
        site.kill('relay');
      });
      await another(site, 'controller', before);
      await site.until('has read its disk again', ({ step, relayConnected }) => step === 'joined' && relayConnected);
      expect(await askOnce(port)).toBe('x');
    },
    60_000,
  );

  it.each(NAMES)(
    '5. the whole site %s is killed and started again',
    async (name) => {
      const site = siteCalled(name);
      const both = [site.pid('relay'), site.pid('controller')];
      // From here on sites are told to; else one that is started as a whole lets no member in before it has heard.
      process.env['OPEN_UNHEARD_AFTER_SECONDS'] = '1';
      await measured(`the whole site ${name} killed`, async () => {
        site.kill('supervisor');
        await eventually(
          'what it started has ended',
          () => both.every((pid) => !existsSync(`/proc/${pid}`)) || undefined,
        );
        await site.startAgain();
      });
      await site.until('is what it was', ({ step }) => step === 'joined');
    },
    60_000,
  );

  it('6. what a site has on its disk is tampered with: it says so, ends, and nobody is let in until it is as it was', async () => {
    const { site, accessPoints } = west;
    const doors = (): Promise<boolean[]> =>
      Promise.all(Object.values(accessPoints).map((accessPoint) => isOpen(accessPoint.port ?? 0)));
    expect(await doors()).toEqual([true, true, true, true]);
    await site.stop();
    const file = join(site.dir, 'state', 'desired-state.sealed');
    const whole = readFileSync(file);
    const bent = Buffer.from(whole);
    bent[bent.length - 40]! ^= 1;
    writeFileSync(file, bent);
    await site.startAgain();
    const { code } = await eventually('it has ended', () => site.supervisor.exit);
    expect(code).toBe(78);
    expect(installation.log('site-west')).toContain(`${file} is damaged. Restore the site's directory`);
    expect(await doors()).toEqual([false, false, false, false]);
    await expect(askOnce(port)).rejects.toThrow();

    writeFileSync(file, whole);
    await site.startAgain();
    await answers();
    expect(await doors()).toEqual([true, true, true, true]);
  });

  it('7. the management plane is back: sites hear of what is new, and no connection is lost by it', async () => {
    const stream = await LiveStream.open(port);
    for (const start of revive) await start();
    for (const [, site] of sites()) await site.connected(90_000);
    const second = await installation.ports.choose('more goods');
    await buyer.api()!.call(openSiteListener, { body: { address: 'goods', port: second } });
    await eventually('the new listener carries', () => askOnce(second).catch(() => undefined));
    expect(await stream.finish()).toBeGreaterThan(0);
  }, 150_000);
});
