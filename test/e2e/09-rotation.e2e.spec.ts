import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  changeRotation,
  deleteMember,
  listMembers,
  listRotations,
  rotateBackbone,
  rotateInstallation,
  rotateNetwork,
} from '@caravan/api';
import type { Backbone, Credential, Network } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { describeCertificate, splitChain } from '@caravan/pki';
import { shakeHands } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  connectAsSite,
  eventually,
  filesWithKeys,
  joinByHand,
  keysOutOfPlace,
  Onlookers,
  Rotations,
  Scene,
  serveEcho,
  startDistantPair,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage, TestSite } from '@caravan/testing/installation';

/** Longer than all waits of a step together: each has an end of its own, and says what did not come. */
vi.setConfig({ testTimeout: 240_000 });

const NOT_WAITING = { patienceSeconds: 0 };

/**
 * ```
 * buyer ── west ── east ── seller
 * ```
 * Requests and streams from the first test to the last, while what they rest on is replaced.
 */
describe('rotation', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let rotations: Rotations;
  let server: TestServer;
  let backbone: Backbone;
  let network: Network;
  let [west, east]: BackboneSiteOnStage[] = [];
  let [seller, buyer]: TestSite[] = [];
  let onlookers: Onlookers;
  /** A member by hand, which never renews anything: with a connection of its own to NATS. */
  let byHand: Credential;
  /** A member and a backbone site that sleep through what comes; their certificates are good for months. */
  let late: TestSite;
  let lateId: string;
  let south: BackboneSiteOnStage;

  beforeAll(async () => {
    server = await serveEcho();
    installation = await TestInstallation.start();
    installation.traceNats();
    scene = new Scene(installation);
    rotations = new Rotations(scene);
    const pair = await startDistantPair(scene, 'apples', server);
    ({ backbone, network, west, east, seller, buyer } = pair);
    onlookers = await Onlookers.at(pair.port);
  });
  afterAll(async () => {
    onlookers?.stop();
    server?.close();
    await installation?.stop();
  });

  const idOf = async (site: TestSite): Promise<string> => (await site.connected()).siteId!;
  const knock = (door: 'claim' | 'member', { chain, key }: Credential) =>
    shakeHands({
      port: east!.accessPoints[door].port ?? 0,
      serverName: serverNameOf(door, network.id),
      credential: { chain: chain.join(''), key },
    });
  /** Not one request failed, not one stream was cut. */
  const nobodyNoticed = async (): Promise<void> => expect(await onlookers.noticed()).toEqual([]);

  it('1. of a network: its members get certificates of the next ordinal, and nobody notices', async () => {
    const invitation = await scene.invitation(network, { name: 'by-hand' });
    const file = await scene.invitationFile(invitation);
    ({ credential: byHand } = await joinByHand(installation, file));
    expect(await knock('member', byHand)).toMatchObject({ verdict: 'admitted' });
    const begun = await scene.api.call(rotateNetwork, { params: { networkId: network.id }, body: NOT_WAITING });
    expect(begun).toMatchObject({ ordinal: 2, phase: 'trust', networkId: network.id });
    // The member by hand never says anything: it is away, and named.
    const waiting = await eventually('it waits for the member by hand', async () => {
      const now = await rotations.read(begun);
      return now.phase === 'diallers' && now.waiting === 1 && now;
    });
    expect(waiting.waitingFor).toMatchObject([{ lastSeenAt: null }]);
    const done = await rotations.finished(begun);
    expect(done.without).toBe(1);
    for (const site of [seller!, buyer!])
      expect(await rotations.newest(await idOf(site))).toEqual({ ordinal: 2, issuer: 2 });
    expect(await rotations.ordinals('member', backbone)).toEqual([1, 2]);
    await nobodyNoticed();
  });

  it('2. whoever did not renew comes in no more: neither at a relay nor at NATS', async () => {
    expect(await knock('member', byHand)).toMatchObject({ verdict: 'refused' });
    await expect(connectAsSite(installation, byHand)).rejects.toThrow();
    // The claim certificate in a file that was downloaded before is one of the old authority; a new download is not.
    const invitation = await scene.invitation(network, { name: 'late' });
    const file = await scene.invitationFile(invitation);
    expect(await knock('claim', file.certificate)).toMatchObject({ verdict: 'admitted' });
    late = await scene.site('late', file);
    lateId = await idOf(late);
    expect(await rotations.newest(lateId)).toEqual({ ordinal: 1, issuer: 2 });
    south = await scene.backboneSite(backbone, 'south');
    await Promise.all([late.stop(), south.site.stop()]);
    // Whoever is gone is not waited for.
    const { items } = await scene.api.call(listMembers, { params: { networkId: network.id } });
    const { id: memberId } = items.find(({ name }) => name.startsWith('by-hand'))!;
    await scene.api.call(deleteMember, { params: { networkId: network.id, memberId } });
    await nobodyNoticed();
  });

  it('3. of a backbone: access points first, then sites, and nobody notices', async () => {
    const begun = await scene.api.call(rotateBackbone, { params: { backboneId: backbone.id }, body: NOT_WAITING });
    expect((await rotations.finished(begun, 120_000)).without).toBeGreaterThan(0);
    for (const { resource, accessPoints } of [west!, east!]) {
      for (const { id } of [resource, ...Object.values(accessPoints)])
        expect(await rotations.newest(id)).toEqual({ ordinal: 2, issuer: 2 });
    }
    await nobodyNoticed();
  });

  it('4. again, with the controller killed in the middle and paused for a while', async () => {
    const begun = await scene.api.call(rotateNetwork, { params: { networkId: network.id }, body: NOT_WAITING });
    await scene.api.call(changeRotation, { params: { rotationId: begun.id }, body: { paused: true } });
    await expect(scene.api.call(rotateNetwork, { params: { networkId: network.id }, body: {} })).rejects.toMatchObject({
      problem: { code: 'rotation.under-way' },
    });
    installation.killProcess('management-controller');
    expect(await rotations.readAgain(begun)).toMatchObject({ status: 'paused' });
    await scene.api.call(changeRotation, { params: { rotationId: begun.id }, body: { paused: false } });
    installation.killProcess('cert-service');
    await rotations.finished(begun, 120_000);
    for (const site of [seller!, buyer!])
      expect(await rotations.newest(await idOf(site))).toEqual({ ordinal: 3, issuer: 3 });
    await nobodyNoticed();
  });

  it('5. of the root, and after it of everything below', async () => {
    const begun = await scene.api.call(rotateInstallation, { body: NOT_WAITING });
    await rotations.finished(begun, 170_000);
    const { items } = await scene.api.call(listRotations, { query: {} });
    const above = items
      .filter(({ cause }) => cause === 'above')
      .map(({ ownerKind, status }) => `${ownerKind} ${status}`);
    expect(above.sort()).toEqual(['backbone finished', 'network finished']);
    expect(splitChain(installation.root).map((pem) => describeCertificate(pem).subject)).toEqual([
      'CN=Caravan generated root (embedded default) 2',
    ]);
    for (const site of [seller!, buyer!])
      expect(await rotations.newest(await idOf(site))).toEqual({ ordinal: 4, issuer: 4 });
    await nobodyNoticed();
  });

  it('6. whom it went on without is let in by nobody, and says so with what to do', async () => {
    await Promise.all([late.startAgain(), south.site.startAgain()]);
    await late.says('site.left-behind', 'for an invitation');
    // It dials nobody, and cannot tell who did not come.
    await south.site.says('management.away', 'another bundle');
  });

  it('7. it comes back as who it was: by an invitation of its network, or its bundle, which no other site is given again', async () => {
    const file = await scene.invitationFile(await scene.invitation(network, { name: 'after', instanceLimit: 1 }));
    expect(file.control.trust).toHaveLength(1); // the new authority alone
    await late.startWith(file);
    await south.site.startWith(await scene.bundle(south.resource));
    expect(await late.connected()).toMatchObject({ siteId: lateId });
    expect(await south.site.connected()).toMatchObject({ siteId: south.resource.id });
    expect(await rotations.newest(lateId)).toMatchObject({ issuer: 4 });
    expect(await rotations.newest(south.resource.id)).toMatchObject({ issuer: 3 });
    await expect(scene.bundle(west!.resource)).rejects.toMatchObject({
      problem: { code: 'backbone-site.already-enrolled' },
    });
    await scene.site('new', file).then((site) => site.connected()); // its only place was not taken
    await nobodyNoticed();
  });

  it('8. the streams of the beginning end in good order', async () => {
    await nobodyNoticed();
    expect((await onlookers.finish()).every((bytes) => bytes > 0)).toBe(true);
  });

  it('9. no private key was written where none belongs: no log, no event, no row, no message, no disk of a site', async () => {
    expect(installation.log('nats-server')).toMatch(/MSG_PAYLOAD: .*BEGIN CERTIFICATE REQUEST/); // all of it was seen
    expect(filesWithKeys(installation.state.secrets).length).toBeGreaterThan(5); // and would be found
    expect(await keysOutOfPlace(installation)).toEqual([]);
  });
});
