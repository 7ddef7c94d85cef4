import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listCertificates, listInvitations, listMembers, listNetworks, listRevocations } from '@caravan/api';
import type { InvitationFile } from '@caravan/api';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  askOnce,
  connectAsSite,
  Elsewhere,
  eventually,
  LiveStream,
  NetworkTimes,
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
  let times: NetworkTimes;

  beforeAll(async () => {
    server = await serveEcho();
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    elsewhere = new Elsewhere(installation);
    times = new NetworkTimes(scene);
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
  /** When the certificates of the members of a network end, the latest of each. */
  const endsOf = async (pair: Pick<Pair, 'seller' | 'buyer'>): Promise<number[]> =>
    Promise.all(
      [pair.seller, pair.buyer].map(async (site) => {
        const { siteId: holderId } = await site.connected();
        const { items } = await scene.api.call(listCertificates, { query: { holderId: holderId! } });
        return Date.parse(items.at(-1)!.notAfter);
      }),
    );

  it('1. a network that had an end goes on without one, and nobody notices', async () => {
    const before = await times.change(apples.network, { endsAt: inMs(10 * MINUTE) });
    expect(before).toMatchObject({ status: 'active', invitationsAnew: false }); // shorter: nothing is to be certified
    const rotated = await times.change(apples.network, { endsAt: null });
    expect(rotated).toMatchObject({ endsAt: null, invitationsAnew: false }); // they were made for that
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('2. one that was made with an end gets certificates that outlast it, by a rotation under requests', async () => {
    const network = await scene.network(apples.backbone, 'pears', { endsAt: inMs(10 * MINUTE) });
    pears = await startPair(scene, network, server);
    const end = Date.parse(network.endsAt!);
    expect((await endsOf(pears)).every((each) => each <= end)).toBe(true);
    const onPears = await Onlookers.at(pears.port);
    const extended = await times.change(network, { endsAt: inMs(60 * MINUTE) });
    expect(extended).toMatchObject({ invitationsAnew: true });
    const rotation = await times.rotationOf(network);
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
    const suspend = () => times.change(pears.network, { suspended: true });
    expect(await times.cutting(pears, 'suspended', suspend)).toBeLessThan(WITHIN_MS);
    expect(await times.statusOf(pears.network)).toBe('suspended');
    const file = await scene.invitationFile(pears.invitation); // to be handed out for afterwards
    await expect(connectAsSite(installation, file.certificate)).rejects.toThrow();
    installation.killProcess('router-config');
    await expect(askOnce(pears.port)).rejects.toThrow();
    const asked = performance.now();
    expect(await caravan('network', 'resume', 'pears')).toMatchObject({
      code: 0,
      out: expect.stringContaining('network/pears is active') as string,
    });
    await eventually('it carries again', () => askOnce(pears.port).catch(() => undefined), { withinMs: 90_000 });
    process.stdout.write(`    resumed: carried again after ${Math.round(performance.now() - asked)} ms\n`);
    expect(await times.statusOf(pears.network)).toBe('active');
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('5. shortened, it ends then by the clocks of relays, and nothing brings it back', async () => {
    const stream = await LiveStream.open(pears.port);
    const shortened = await times.change(pears.network, { endsAt: inMs(4_000) });
    expect(shortened).toMatchObject({ invitationsAnew: false });
    expect(await stream.ended()).toBe('reset');
    const lateMs = Date.now() - Date.parse(shortened.endsAt!);
    process.stdout.write(`    shortened: a live stream was cut ${lateMs} ms after the end\n`);
    expect(lateMs).toBeGreaterThan(-100);
    expect(lateMs).toBeLessThan(1_000);
    expect(['ending', 'ended']).toContain(await times.statusOf(pears.network));
    await times.is('ended', pears.network);
    const { items } = await scene.api.call(listRevocations, { query: { networkId: pears.network.id } });
    expect(items).toMatchObject([{ targetKind: 'network', reason: 'cessation-of-operation', status: 'enforced' }]);
    expect(items[0]!.confirmed.length).toBe(2); // every relay that had a door of it
    for (const body of [{ endsAt: null }, { endsAt: inMs(MINUTE) }, { suspended: true }]) {
      await expect(times.change(pears.network, body)).rejects.toMatchObject({ problem: { code: 'network.ended' } });
    }
    installation.killProcess('management-controller');
    await times.is('ended', pears.network);
    await expect(askOnce(pears.port)).rejects.toThrow();
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('6. deleted, it is gone with all that it had: what is left is that it was, and its name is free', async () => {
    const { id: networkId } = pears.network;
    const goesOn = { code: 1, err: expect.stringContaining('caravan network end') as string };
    expect(await caravan('delete', 'network', 'apples')).toMatchObject(goesOn);
    expect(await caravan('delete', 'network', 'pears')).toMatchObject({ code: 0 });
    const { items } = await scene.api.call(listNetworks, {});
    expect(items.map(({ name }) => name)).not.toContain('pears');
    const { items: all } = await scene.api.call(listNetworks, { query: { deleted: 'included' } });
    expect(all.find(({ id }) => id === networkId)).toMatchObject({ name: 'pears', status: 'deleted' });
    expect((await scene.api.call(listMembers, { params: { networkId } })).items).toEqual([]);
    expect((await scene.api.call(listInvitations, { params: { networkId } })).items).toEqual([]);
    for (const refused of [
      times.change(pears.network, { endsAt: null }),
      scene.invitation(pears.network, { name: 'late' }),
    ])
      await expect(refused).rejects.toMatchObject({ problem: { code: 'network.unknown' } });
    await scene.network(apples.backbone, 'pears');
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('7. before it has started it is moved: who has the invitation of before needs it again, and is in then', async () => {
    const network = await scene.network(apples.backbone, 'plums', { startsAt: inMs(10 * MINUTE) });
    const invitation = await scene.invitation(network, { name: 'plums' });
    const early = await scene.invitationFile(invitation);
    const moved = await caravan('network', 'reschedule', 'plums', '--starts', '3s', '--ends', '1h');
    expect(moved).toMatchObject({ code: 0, err: '' });
    expect(moved.out).toMatch(/plums is scheduled, from .* until .*\n.*caravan invite --download plums/);
    await new Rotations(scene).finished(await times.rotationOf(network));
    await expect(connectAsSite(installation, early.certificate)).rejects.toThrow();
    const site = await scene.site('plums', await scene.invitationFile(invitation));
    await site.connected();
    expect(await times.statusOf(network)).toBe('active');
    const late = await caravan('network', 'reschedule', 'plums', '--starts', '1h');
    expect(late).toMatchObject({ code: 1, err: expect.stringContaining('network.started') as string });
    expect(await caravan('network', 'reschedule', 'plums')).toMatchObject({ code: 2 });
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('8. ended by its host, the other ends now, for everybody; until then its streams lost nothing', async () => {
    expect((await onlookers.finish()).every((bytes) => bytes > 0)).toBe(true);
    onlookers.stop();
    const kept = await caravan('network', 'reschedule', 'apples', '--delete-after', '0s');
    expect(kept).toMatchObject({ code: 0, err: '' });
    expect(await times.cutting(apples, 'ended by its host', () => caravan('network', 'end', 'apples'))).toBeLessThan(
      WITHIN_MS,
    );
    const over = performance.now();
    installation.killProcess('management-controller'); // wherever it is with that
    await times.is('deleted', apples.network);
    process.stdout.write(`    nothing was left of it after ${Math.round(performance.now() - over)} ms, with a kill\n`);
  });
});
