import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getInvitation, listInvitations } from '@caravan/api';
import type { Backbone, Credential, Invitation, Network } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { ask, dial, echoing, finish, serve, shakeHands } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  askOnce,
  connectAsSite,
  eventually,
  joinByHand,
  NetworkTimes,
  Scene,
  startPair,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage, Pair } from '@caravan/testing/installation';

type NatsConnection = Awaited<ReturnType<typeof connectAsSite>>;

const EARLY = 5;
/** Before the end all that could tell stands still. */
const FREEZING_MS = 1_500;
const FROZEN = ['management-controller', 'router-config', 'nats-server'] as const;
const iso = (ms: number): string => new Date(Math.ceil(ms / 1000) * 1000).toISOString();

/** Networks that start and end by the clock of the backbone's relay, one network beside them that is on all the while. */
describe('start and end of a network', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let backbone: Backbone;
  let east: BackboneSiteOnStage;
  let market: Pair;
  /** How long this machine takes for two sites to join: what times are made of. */
  let pace: number;
  let popUp: Network;
  /** A member of the network that ends, with a connection straight to the NATS server. */
  let member: Credential | undefined;
  let connected: NatsConnection | undefined;
  const closing: (() => void)[] = [];

  async function server(name: string): Promise<TestServer> {
    const made = await serve(echoing(name));
    closing.push(made.close);
    return made;
  }

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    backbone = await scene.backbone('times');
    east = await scene.backboneSite(backbone, 'east');
    const network = await scene.network(backbone, 'market');
    const began = Date.now();
    market = await startPair(scene, network, await server('market'));
    pace = Date.now() - began;
  }, 180_000);
  afterAll(async () => {
    for (const name of FROZEN) installation.thaw(name);
    for (const close of closing) close();
    await installation.stop();
  });

  const knock = (door: 'claim' | 'member', { id }: Network, { chain, key }: Credential) =>
    shakeHands({
      port: east.accessPoints[door].port ?? 0,
      serverName: serverNameOf(door, id),
      credential: { chain: chain.join(''), key },
    });
  const refused = { verdict: 'refused', isThrough: false };
  /** What the relay of the backbone site refused with this code at the doors of this network. */
  const refusals = (code: string, { id }: Network): string[] =>
    east.site
      .logs()
      .split('\n')
      .filter((line) => line.includes(`"code":"${code}"`) && line.includes(id));
  const relayOfEast = (): number[] => east.site.processes();
  const claimsOf = async ({ id: invitationId, networkId }: Invitation): Promise<number> =>
    (await scene.api.call(getInvitation, { params: { networkId, invitationId } })).claims;
  /** Whether the log itself, as it lies on disk, says that the invitation was used. */
  const isClaimedInLog = ({ id }: Invitation): boolean => {
    const dir = join(installation.state.nats, 'jetstream');
    const blocks = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.blk'));
    const claimed = new RegExp(`"InvitationClaimed".{0,200}${id}`, 's');
    return blocks.some((file) => claimed.test(readFileSync(join(dir, file), 'latin1')));
  };

  it('1. five sites that join early are refused at the relay until it starts, and are in then by themselves', async () => {
    const startsAt = Date.now() + 2 * pace + 5_000;
    const fair = await scene.network(backbone, 'fair', { startsAt: iso(startsAt) });
    expect(fair.status).toBe('scheduled');
    const start = Date.parse(fair.startsAt);
    const invitation = await scene.invitation(fair, { name: 'fair', instanceLimit: EARLY });
    const file = await scene.invitationFile(invitation);
    const sites = await Promise.all(Array.from({ length: EARLY }, (_, index) => scene.site(`fair-${index}`, file)));
    await Promise.all(
      sites.map((site) =>
        site.until('waits for its network', ({ troubles }) =>
          troubles.some(({ code, detail }) => code === 'network.not-started' && detail.includes(fair.startsAt)),
        ),
      ),
    );
    await eventually('each was refused', () => refusals('door.not-started', fair).length >= EARLY || undefined);
    expect(await knock('claim', fair, file.certificate)).toMatchObject(refused);
    expect(await knock('claim', market.network, market.file.certificate)).toMatchObject({ verdict: 'admitted' });
    // Who stands beside the management plane's NATS server, and needs no relay, is let in no sooner.
    await expect(connectAsSite(installation, file.certificate)).rejects.toThrow();
    const before = { relay: relayOfEast(), sites: sites.map((site) => site.processes()) };
    expect(before.sites.map((processes) => processes.length)).toEqual(sites.map(() => 3));
    expect([await claimsOf(invitation), isClaimedInLog(invitation)]).toEqual([0, false]);
    expect(installation.log('management-controller')).not.toContain(`/network/${fair.id}/claim/`);
    const spare = start - Date.now();
    expect(spare).toBeGreaterThan(0); // else nothing was shown

    const joined = await Promise.all(sites.map((site) => site.connected()));
    expect(Date.now()).toBeGreaterThan(start);
    const late = Date.now() - start;
    process.stderr.write(`    refused ${spare} ms before the start, all in ${late} ms after it\n`);
    expect(new Set(joined.map(({ siteId }) => siteId)).size).toBe(EARLY);
    expect({ relay: relayOfEast(), sites: sites.map((site) => site.processes()) }).toEqual(before);
    expect(await knock('claim', fair, file.certificate)).toMatchObject({ verdict: 'admitted' });
    expect([await claimsOf(invitation), isClaimedInLog(invitation)]).toEqual([EARLY, true]);
    await Promise.all(sites.map((site) => site.stop()));
  }, 240_000);

  /** What is in a network that will end soon. */
  async function within(network: Network, pair: Pair) {
    const { credential } = await joinByHand(installation, pair.file);
    expect(await knock('member', network, credential)).toMatchObject({ verdict: 'admitted' });
    const nats = await connectAsSite(installation, credential);
    const [carried, other] = [await dial(pair.port), await dial(market.port)];
    expect([await ask(carried, 'x'), await ask(other, 'x')]).toEqual(['pop-up: x', 'market: x']);
    return { network, pair, credential, nats, carried, other };
  }

  /** A network that ends soon after all that has joined; another one that lasts longer where this machine was busy meanwhile. */
  async function ending(): Promise<Awaited<ReturnType<typeof within>>> {
    const target = await server('pop-up');
    for (let lasts = pace + 7_000, attempt = 1; ; lasts *= 2, attempt++) {
      const end = Date.now() + lasts;
      const network = await scene.network(backbone, `pop-up-${attempt}`, { endsAt: iso(end) });
      const preparing = startPair(scene, network, target).then((pair) => within(network, pair));
      const inTime = preparing.catch((error: unknown) =>
        Date.now() < end ? Promise.reject(error as Error) : undefined,
      );
      const left = await Promise.race([inTime, pause(lasts, undefined, { ref: false })]);
      if (left && Date.now() < end - FREEZING_MS) return left;
      expect(attempt).toBeLessThan(3);
    }
  }

  it('2. at its end a network is cut off by the relay, with nobody there to tell it so', async () => {
    const { network, pair, credential, nats, carried, other } = await ending();
    [popUp, member, connected] = [network, credential, nats];
    const end = Date.parse(popUp.endsAt ?? '');
    for (const name of FROZEN) await installation.freeze(name);
    expect(await ask(carried, 'y')).toBe('pop-up: y');
    const spare = end - Date.now();
    expect(spare).toBeGreaterThan(0);

    const cut = finish(carried);
    expect(await cut).toBe('reset');
    const late = Date.now() - end;
    process.stderr.write(`    carried ${spare} ms before the end, cut ${late} ms after it\n`);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(5_000);
    expect(await knock('claim', popUp, pair.file.certificate)).toMatchObject(refused);
    expect(await knock('member', popUp, member)).toMatchObject(refused);
    expect(refusals('door.ended', popUp).length).toBeGreaterThan(0);
    await expect(askOnce(pair.port)).rejects.toThrow();

    // A member knows that by itself: nobody is there to tell it.
    for (const site of [pair.seller, pair.buyer]) {
      const { troubles } = await site.until('says that its network has ended', (state) =>
        state.troubles.some(({ code }) => code === 'network.ended'),
      );
      expect(troubles.find(({ code }) => code === 'network.ended')?.detail).toContain(
        `The network ${popUp.name} ended at ${popUp.endsAt}`,
      );
    }

    const tooLate = await scene.site('pop-up-late', pair.file);
    const exit = await eventually('the site that came too late has ended', () => tooLate.supervisor.exit);
    expect(exit.code).toBe(3);
    expect(tooLate.logs()).toContain('certificate.expired');

    // The network beside it was not concerned: the same connection, and a new one.
    expect(await ask(other, 'y')).toBe('market: y');
    expect(await askOnce(market.port)).toBe('market: x');
    other.destroy();
  }, 240_000);

  it('3. the management plane says the same when it is there again', async () => {
    for (const name of FROZEN) installation.thaw(name);
    const closed = await Promise.race([connected!.closed().then(() => true), pause(20_000, false, { ref: false })]);
    expect(closed).toBe(true);
    await expect(connectAsSite(installation, member!)).rejects.toThrow();
    await (await connectAsSite(installation, market.file.certificate)).close();
    await new NetworkTimes(scene).is('ended', popUp); // every relay has said so
    await new NetworkTimes(scene).is('active', market.network);
    // Nothing is made for it any more that would have to be deleted before it.
    await expect(scene.invitation(popUp, { name: 'late' })).rejects.toMatchObject({
      problem: { code: 'network.ended' },
    });
    const { items: invitations } = await scene.api.call(listInvitations, { params: { networkId: popUp.id } });
    expect(invitations.map(({ name }) => name)).not.toContain('late');
  });
});
