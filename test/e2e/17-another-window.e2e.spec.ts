import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { changeNetwork, getNetwork, listCertificates, listRotations } from '@caravan/api';
import type { InvitationFile, Network } from '@caravan/api';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  askOnce,
  connectAsSite,
  Elsewhere,
  eventually,
  LiveStream,
  Onlookers,
  Rotations,
  Scene,
  serveEcho,
  startDistantPair,
  startPair,
  TestInstallation,
} from '@caravan/testing/installation';
import type { DistantPair, Pair } from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 180_000 });

const MINUTE = 60_000;
/** What is cut has to be, after somebody wanted it. */
const WITHIN_MS = 2_000;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();

/**
 * ```
 * buyer ── west ── east ── seller
 * ```
 * A network that lasts longer than was said, and one beside it that lasts less, is suspended, and ended by its host.
 */
describe('another window', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let server: TestServer;
  let apples: DistantPair;
  let onlookers: Onlookers;
  let pears: Pair;
  let elsewhere: Elsewhere;

  beforeAll(async () => {
    server = await serveEcho();
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    elsewhere = new Elsewhere(installation);
    apples = await startDistantPair(scene, 'apples', server);
    onlookers = await Onlookers.at(apples.port);
  }, 240_000);
  afterAll(async () => {
    onlookers?.stop();
    server?.close();
    await installation?.stop();
  });

  const caravan = (...args: string[]) => {
    const { apiUrl, tokenFile } = installation.plane;
    return elsewhere.caravan(...args, '--url', apiUrl, '--token-file', tokenFile);
  };
  const change = (network: Network, body: Parameters<typeof scene.api.call<typeof changeNetwork>>[1]['body']) =>
    scene.api.call(changeNetwork, { params: { networkId: network.id }, body });
  const statusOf = async ({ id: networkId }: Network) =>
    (await scene.api.call(getNetwork, { params: { networkId } })).status;
  /** When the certificates of the members of a network end, the latest of each. */
  const endsOf = async (pair: Pick<Pair, 'seller' | 'buyer'>): Promise<number[]> =>
    Promise.all(
      [pair.seller, pair.buyer].map(async (site) => {
        const { siteId: holderId } = await site.connected();
        const { items } = await scene.api.call(listCertificates, { query: { holderId: holderId! } });
        return Date.parse(items.at(-1)!.notAfter);
      }),
    );
  /** Cuts a stream by what it does, and says how long that took. */
  const cutting = async ({ port }: { port: number }, how: string, cut: () => Promise<unknown>): Promise<void> => {
    const stream = await LiveStream.open(port);
    const asked = performance.now();
    const [, end] = await Promise.all([cut(), stream.ended()]);
    const ms = Math.round(performance.now() - asked);
    process.stdout.write(`    ${how}: a live stream was cut after ${ms} ms\n`);
    expect(end).toBe('reset');
    expect(ms).toBeLessThan(WITHIN_MS);
    await expect(askOnce(port)).rejects.toThrow();
  };
  const rotationOf = (network: Network) =>
    eventually('its authorities are replaced', async () => {
      const { items } = await scene.api.call(listRotations, { query: { networkId: network.id } });
      return items.at(-1);
    });

  it('1. a network that had an end goes on without one, and nobody notices', async () => {
    const before = await change(apples.network, { endsAt: inMs(10 * MINUTE) });
    expect(before).toMatchObject({ status: 'active', invitationsAnew: false }); // shorter: nothing is to be certified
    const rotated = await change(apples.network, { endsAt: null });
    expect(rotated).toMatchObject({ endsAt: null, invitationsAnew: false }); // they were made for that
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('2. one that was made with an end gets certificates that outlast it, by a rotation under requests', async () => {
    const network = await scene.network(apples.backbone, 'pears', { endsAt: inMs(10 * MINUTE) });
    pears = await startPair(scene, network, server);
    const end = Date.parse(network.endsAt!);
    expect((await endsOf(pears)).every((each) => each <= end)).toBe(true);
    const onPears = await Onlookers.at(pears.port);
    const extended = await change(network, { endsAt: inMs(60 * MINUTE) });
    expect(extended).toMatchObject({ invitationsAnew: true });
    const rotation = await rotationOf(network);
    expect(rotation).toMatchObject({ cause: 'window', ordinal: 2 });
    await new Rotations(scene).finished(rotation);
    const ends = await endsOf(pears);
    expect(ends.every((each) => each > end && each <= Date.parse(extended.endsAt!))).toBe(true);
    expect(await onPears.noticed()).toEqual([]);
    await onPears.finish();
    onPears.stop();
  });

  it('3. who was invited before it was extended needs the invitation again', async () => {
    await expect(connectAsSite(installation, pears.file.certificate)).rejects.toThrow();
    const file: InvitationFile = await scene.invitationFile(pears.invitation);
    await (await connectAsSite(installation, file.certificate)).close();
  });

  it('4. suspended, it is out at once; resumed, it is in again by itself', async () => {
    await cutting(pears, 'suspended', () => change(pears.network, { suspended: true }));
    expect(await statusOf(pears.network)).toBe('suspended');
    const file = await scene.invitationFile(pears.invitation); // to be handed out for afterwards
    await expect(connectAsSite(installation, file.certificate)).rejects.toThrow();
    installation.killProcess('router-config');
    await expect(askOnce(pears.port)).rejects.toThrow();
    const asked = performance.now();
    expect(await caravan('network', 'resume', 'pears')).toMatchObject({
      code: 0,
      out: expect.stringContaining('network/pears is active') as string,
    });
    await eventually('it carries again', () => askOnce(pears.port).then(Boolean, () => undefined), {
      withinMs: 90_000,
    });
    process.stdout.write(`    resumed: carried again after ${Math.round(performance.now() - asked)} ms\n`);
    expect(await statusOf(pears.network)).toBe('active');
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('5. shortened, it ends then by the clocks of relays, and nothing brings it back', async () => {
    const stream = await LiveStream.open(pears.port);
    const shortened = await change(pears.network, { endsAt: inMs(4_000) });
    expect(shortened).toMatchObject({ invitationsAnew: false });
    expect(await stream.ended()).toBe('reset');
    const lateMs = Date.now() - Date.parse(shortened.endsAt!);
    process.stdout.write(`    shortened: a live stream was cut ${lateMs} ms after the end\n`);
    expect(lateMs).toBeGreaterThan(-100);
    expect(lateMs).toBeLessThan(1_000);
    expect(await statusOf(pears.network)).toBe('ended');
    for (const body of [{ endsAt: null }, { endsAt: inMs(MINUTE) }, { suspended: true }]) {
      await expect(change(pears.network, body)).rejects.toMatchObject({ problem: { code: 'network.ended' } });
    }
    installation.killProcess('management-controller');
    const back = () =>
      statusOf(pears.network).then(
        (status) => status,
        () => undefined,
      );
    expect(await eventually('the API is back', back)).toBe('ended');
    await expect(askOnce(pears.port)).rejects.toThrow();
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('6. before it has started it is moved: who has the invitation of before needs it again, and is in then', async () => {
    const network = await scene.network(apples.backbone, 'plums', { startsAt: inMs(10 * MINUTE) });
    const invitation = await scene.invitation(network, { name: 'plums' });
    const early = await scene.invitationFile(invitation);
    const moved = await caravan('network', 'reschedule', 'plums', '--starts', '3s', '--ends', '1h');
    expect(moved).toMatchObject({ code: 0, err: '' });
    expect(moved.out).toMatch(/plums is scheduled, from .* until .*\n.*caravan invite --download plums/);
    await new Rotations(scene).finished(await rotationOf(network));
    await expect(connectAsSite(installation, early.certificate)).rejects.toThrow();
    const site = await scene.site('plums', await scene.invitationFile(invitation));
    await site.connected();
    expect(await statusOf(network)).toBe('active');
    const late = await caravan('network', 'reschedule', 'plums', '--starts', '1h');
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining('network.started') as string });
    expect(await caravan('network', 'reschedule', 'plums')).toMatchObject({ code: 2 });
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('7. ended by its host, the other ends now, for everybody; until then its streams lost nothing', async () => {
    expect((await onlookers.finish()).every((bytes) => bytes > 0)).toBe(true);
    onlookers.stop();
    await cutting(apples, 'ended by its host', () => caravan('network', 'end', 'apples'));
    expect(await statusOf(apples.network)).toBe('ended');
  });
});
