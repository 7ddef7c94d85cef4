import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { getInvitation, listCertificates, openSiteListener, renewCertificate } from '@caravan/api';
import type { Certificate, Network } from '@caravan/api';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  askOnce,
  eventually,
  Requests,
  Scene,
  serveEcho,
  startDistantPair,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage, TestSite } from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 240_000 });

/** A third of it is left at a renewal: more than a busy machine takes for one. */
const LIFE_SECONDS = 40;

/**
 * ```
 * buyer ── west ── east ── seller
 * ```
 * Certificates of sites live for seconds instead of months: nothing is left of the first ones while requests go on.
 */
describe('renewal', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let server: TestServer;
  let sites: BackboneSiteOnStage[];
  let members: TestSite[];
  let requests: Requests;
  let network: Network;
  /** A member that is not there while its certificate could be renewed, with a port that leads to the seller's server. */
  let sleeper: { readonly site: TestSite; readonly siteId: string; readonly port: number };
  /** And a backbone site. */
  let south: BackboneSiteOnStage;

  beforeAll(async () => {
    server = await serveEcho();
    process.env['SITE_CERTIFICATE_SECONDS'] = String(LIFE_SECONDS);
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const pair = await startDistantPair(scene, 'seasons', server);
    const { west, east, seller, buyer, port } = pair;
    network = pair.network;
    const site = await scene.member(network, 'sleeper', west);
    const own = await installation.ports.choose('sleeper goods');
    await site.api()!.call(openSiteListener, { body: { address: 'goods', port: own } });
    await eventually('it reaches the server', () => askOnce(own).then(Boolean, () => undefined));
    sleeper = { site, siteId: (await site.connected()).siteId!, port: own };
    await site.stop();
    south = await scene.backboneSite(pair.backbone, 'south');
    await expect(scene.bundle(south.resource)).rejects.toMatchObject({
      problem: { code: 'backbone-site.already-enrolled' },
    });
    await south.site.stop();
    sites = [west, east];
    members = [seller, buyer];
    requests = new Requests(port);
    await requests.answered(20);
  });
  afterAll(async () => {
    delete process.env['SITE_CERTIFICATE_SECONDS'];
    requests?.stop();
    server?.close();
    await installation?.stop();
  });

  const certificatesOf = async (holderId: string): Promise<Certificate[]> =>
    (await scene.api.call(listCertificates, { query: { holderId, limit: 500 } })).items.filter(
      ({ holderKind }) => holderKind !== 'bootstrap',
    );
  const holders = async (): Promise<string[]> => [
    ...(await Promise.all(members.map(async (site) => (await site.connected()).siteId!))),
    ...sites.flatMap(({ resource, accessPoints }) => [resource.id, ...Object.values(accessPoints).map(({ id }) => id)]),
  ];

  it('1. what sites hold is renewed by itself, again and again, and no request fails', async () => {
    const began = performance.now();
    await pause(2.5 * LIFE_SECONDS * 1_000);
    const seconds = (performance.now() - began) / 1_000;
    await requests.answered(20);
    expect(requests.problemsSince(began)).toEqual([]);
    for (const holder of await holders()) {
      const ordinals = (await certificatesOf(holder)).map(({ ordinal }) => ordinal);
      // Renewed in time, each ordinal once, and no oftener than there is need.
      expect(ordinals).toEqual(ordinals.map((_, index) => index + 1));
      expect(ordinals.length).toBeGreaterThanOrEqual(3);
      expect(ordinals.length).toBeLessThanOrEqual(2 + Math.ceil((2 * (seconds + 40)) / LIFE_SECONDS));
    }
  });

  it('2. one is renewed at once when somebody wants it, and only the newest can be', async () => {
    const began = performance.now();
    const [seller] = members as [TestSite];
    const all = await certificatesOf((await seller.connected()).siteId!);
    const [first, newest] = [all[0]!, all.at(-1)!];
    const renewed = await scene.api.call(renewCertificate, { params: { certificateId: newest.id } });
    expect(renewed).toMatchObject({ holderKind: 'member', ordinal: newest.ordinal + 1 });
    await eventually('the next one is there', async () =>
      (await certificatesOf(newest.holderId)).some(({ ordinal }) => ordinal === newest.ordinal + 1),
    );
    await expect(scene.api.call(renewCertificate, { params: { certificateId: first.id } })).rejects.toMatchObject({
      problem: { code: 'certificate.superseded' },
    });
    await requests.answered(20);
    expect(requests.problemsSince(began)).toEqual([]);
  });

  it('3. a member that slept through it is let in nowhere, and says so with what to do', async () => {
    await sleeper.site.startAgain();
    await sleeper.site.says('certificate.expired', 'join with that in this folder');
    await sleeper.site.stop();
  });

  it('4. it comes back by an invitation of its network, as who it was: no place is taken, and what it had is there', async () => {
    const invitation = await scene.invitation(network, { name: 'wake-up', instanceLimit: 1 });
    await sleeper.site.startWith(await scene.invitationFile(invitation));
    const back = await sleeper.site.connected(60_000);
    expect(back).toMatchObject({ siteId: sleeper.siteId });
    await eventually('the server is reached again', () => askOnce(sleeper.port).then(Boolean, () => undefined));
    const of = { networkId: network.id, invitationId: invitation.id };
    expect(await scene.api.call(getInvitation, { params: of })).toMatchObject({ claims: 0 });
    const ordinals = (await certificatesOf(sleeper.siteId)).map(({ ordinal }) => ordinal);
    expect(ordinals).toEqual(ordinals.map((_, index) => index + 1));
    expect(ordinals.length).toBeGreaterThanOrEqual(2);
  });

  it('5. and is started with either file again, or with none, as if nothing had been', async () => {
    for (const file of [sleeper.site.file, undefined, sleeper.site.firstFile]) {
      await sleeper.site.stop();
      sleeper.site.file = file;
      await sleeper.site.startAgain();
      expect(await sleeper.site.connected()).toMatchObject({ siteId: sleeper.siteId });
    }
    await eventually('the server is reached', () => askOnce(sleeper.port).then(Boolean, () => undefined));
  });

  it('6. a backbone site that slept through it comes back by its bundle made again, and nobody else by that', async () => {
    const { site, resource, accessPoints } = south;
    const before = await certificatesOf(resource.id);
    await site.startAgain();
    await site.says('certificate.expired', 'for another bundle');
    await site.stop();
    const bundle = await scene.bundle(resource);
    const thief = await scene.site('thief', bundle);
    const refused = await thief.until('is refused', ({ step }) => step === 'refused');
    expect(JSON.stringify(refused.troubles)).toContain('backbone-site.already-enrolled');
    await thief.stop();
    await site.startWith(bundle);
    expect(await site.connected()).toMatchObject({ siteId: resource.id });
    const after = await certificatesOf(resource.id);
    expect(after.length).toBeGreaterThan(before.length);
    // Members come in by it again, with what it has got anew.
    const late = await scene.member(network, 'late', south);
    expect((await late.connected()).connected).toBe(true);
    for (const { id } of Object.values(accessPoints)) expect((await certificatesOf(id)).length).toBeGreaterThan(1);
  });
});
