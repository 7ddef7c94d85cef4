import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  getNetwork,
  getRevocation,
  listAuthorities,
  listCertificates,
  listMembers,
  listSiteLinks,
  renewCertificate,
  revoke,
} from '@caravan/api';
import type { Backbone, BodyOf, Certificate, Credential, InvitationFile, Network, Revocation } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { makeRoot } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  Elsewhere,
  eventually,
  Inside,
  joinByHand,
  Requests,
  Scene,
  serveEcho,
  shakeHands,
  startDistantPair,
  TestInstallation,
  unlessAway,
  verdicts,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage, TestSite } from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 240_000 });

const MEMBERS = 100;
/** What is promised: gone at the last relay, and at NATS. */
const P99_MS = 2_000;
const KILLED = ['cert-service', 'nats-server', 'router-config', 'management-controller'] as const;

interface ByHand {
  readonly siteId: string;
  readonly credential: Credential;
}
/** A member by hand that is in at both relays and at NATS, until `out`. */
type Connected = ByHand & Pick<Inside, 'out'>;

/**
 * ```
 * buyer ── west ── east ── seller
 * ```
 * Requests from the first test to the last but one; whom they do not need is revoked.
 */
describe('revocation', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let server: TestServer;
  let backbone: Backbone;
  let apples: Network;
  let file: InvitationFile;
  let [west, east]: BackboneSiteOnStage[] = [];
  let [seller, buyer]: TestSite[] = [];
  let requests: Requests;
  let began: number;
  const gone: ByHand[] = [];

  beforeAll(async () => {
    server = await serveEcho();
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const pair = await startDistantPair(scene, 'apples', server);
    ({ backbone, network: apples, west, east, seller, buyer } = pair);
    file = await scene.invitationFile(await scene.invitation(apples, { name: 'by-hand', instanceLimit: null }));
    requests = new Requests(pair.port);
    await requests.answered(20);
    began = performance.now();
  }, 180_000);
  afterAll(async () => {
    requests?.stop();
    server?.close();
    await installation?.stop();
  });

  const say = (line: string): void => void process.stdout.write(`    ${line}\n`);
  const doorAt = (site: BackboneSiteOnStage, network = apples) => ({
    port: site.accessPoints.member.port ?? 0,
    serverName: serverNameOf('member', network.id),
    trust: [],
  });
  const relays = (): BackboneSiteOnStage[] => [west!, east!];
  const doorsAt = (network = apples) => relays().map((site) => doorAt(site, network));
  const ask = (body: BodyOf<typeof revoke>): Promise<Revocation> => scene.api.call(revoke, { body });
  const enforced = ({ id: revocationId }: Revocation) =>
    eventually('the revocation is enforced', async () => {
      const now = await scene.api.call(getRevocation, { params: { revocationId } });
      return now.status === 'enforced' ? now : undefined;
    });
  const certificatesOf = async (holderId: string): Promise<Certificate[]> =>
    (await scene.api.call(listCertificates, { query: { holderId } })).items;
  const connect = async (member: ByHand, network = apples): Promise<Connected> => {
    const { out } = await Inside.come(installation, doorsAt(network), member.credential);
    return { ...member, out };
  };
  const whatIsSaidTo = ({ credential }: ByHand) => verdicts(installation, doorsAt(), credential);
  const nobodyElseNoticed = async (): Promise<void> => {
    await requests.answered(20);
    expect(requests.problemsSince(began)).toEqual([]);
  };
  const OUT = ['refused', 'refused', 'refused'];

  it(`1. each of ${MEMBERS} connected members is gone at the last relay and at NATS in time, and nobody else notices`, async () => {
    const members: Connected[] = [];
    for (let n = 0; n < MEMBERS; n += 10) {
      const joined = Array.from({ length: 10 }, async () => connect(await joinByHand(installation, file)));
      members.push(...(await Promise.all(joined)));
    }
    const took: number[] = [];
    const recorded: number[] = [];
    for (const member of members) {
      const asked = performance.now();
      const revocation = await ask({ kind: 'member', id: member.siteId, reason: 'key-compromise' });
      took.push((await member.out) - asked);
      const { enforcedAfterMs, confirmed } = await enforced(revocation);
      expect(confirmed.map(({ siteId }) => siteId).sort()).toEqual(
        relays()
          .map(({ resource }) => resource.id)
          .sort(),
      );
      recorded.push(enforcedAfterMs!);
      gone.push(member);
    }
    const part = (all: number[], at: number): number =>
      Math.round([...all].sort((a, b) => a - b)[Math.ceil(all.length * at) - 1]!);
    for (const [what, all] of [
      ['gone', took],
      ['confirmed', recorded],
    ] as const) {
      say(`${what} after ${part(all, 0.5)} ms (half), ${part(all, 0.99)} ms (99 of 100), ${part(all, 1)} ms (all)`);
    }
    expect(part(took, 0.99)).toBeLessThanOrEqual(P99_MS);
    expect(await whatIsSaidTo(gone[0]!)).toEqual(OUT);
    await nobodyElseNoticed();
  });

  it('2. it is in the list of its authority, which anybody may read', async () => {
    const { items } = await scene.api.call(listAuthorities, {});
    const authority = items.find(({ kind, networkId }) => kind === 'member' && networkId === apples.id)!;
    const list = new URL(`/crl/${authority.id}.crl`, installation.plane.apiUrl);
    const serials = await Promise.all(
      gone.slice(0, 5).map(async ({ siteId }) => (await certificatesOf(siteId))[0]!.serial),
    );
    await eventually('all are listed', async () => {
      const answer = await fetch(list);
      expect(answer.headers.get('content-type')).toBe('application/pkix-crl');
      const der = Buffer.from(await answer.arrayBuffer());
      return serials.every((serial) => der.includes(Buffer.from(serial, 'hex')));
    });
    const [held] = await certificatesOf((await buyer!.connected()).siteId!);
    const der = Buffer.from(await (await fetch(list)).arrayBuffer());
    expect(der.includes(Buffer.from(held!.serial, 'hex'))).toBe(false);
    expect((await fetch(new URL('/api/v1/revocations', list))).status).toBe(401);
  });

  it('3. a single certificate is refused, and its holder may stay with another', async () => {
    const { siteId } = await buyer!.connected();
    const [old] = await certificatesOf(siteId!);
    await scene.api.call(renewCertificate, { params: { certificateId: old!.id } });
    const next = await eventually('it has another', async () => (await certificatesOf(siteId!))[1]);
    await eventually('it is in with that', async () => {
      const { items } = await west!.site.api()!.call(listSiteLinks, {});
      return items.some(({ peerChain }) => peerChain[0]?.serial === next.serial);
    });
    // A request that is still on the old one would be cut with it.
    await pause(1_000);
    await eventually('at NATS too', async () => (await buyer!.connected()).connected);
    const revocation = await enforced(await ask({ kind: 'certificate', id: old!.id, reason: 'superseded' }));
    expect(revocation.confirmed).toHaveLength(2);
    await nobodyElseNoticed();

    const copied = await connect(await joinByHand(installation, file));
    const [only] = await certificatesOf(copied.siteId);
    const asked = performance.now();
    await ask({ kind: 'certificate', id: only!.id, reason: 'key-compromise' });
    say(`a copied certificate: gone after ${Math.round((await copied.out) - asked)} ms`);
    expect(await whatIsSaidTo(copied)).toEqual(OUT);
    const { items } = await scene.api.call(listMembers, { params: { networkId: apples.id }, query: { limit: 500 } });
    expect(items.some(({ id }) => id === copied.siteId)).toBe(true);
    gone.push(copied);
    await nobodyElseNoticed();
  });

  it('4. a whole network goes, and the one beside it does not', async () => {
    const pears = await scene.network(backbone, 'pears');
    const theirs = await scene.invitationFile(await scene.invitation(pears, { name: 'pickers' }));
    const picker = await connect(await joinByHand(installation, theirs), pears);
    expect(await shakeHands(doorAt(east!, pears), picker.credential)).toBe('admitted');
    const asked = performance.now();
    const revocation = await ask({ kind: 'network', id: pears.id });
    say(`a network: gone after ${Math.round((await picker.out) - asked)} ms`);
    await enforced(revocation);
    expect(await shakeHands(doorAt(east!, pears), picker.credential)).toBe('refused');
    await expect(joinByHand(installation, theirs)).rejects.toThrow();
    const network = await eventually('it says so', async () => {
      const now = await scene.api.call(getNetwork, { params: { networkId: pears.id } });
      return now.status === 'evicted' && now.deletedAt !== null ? now : undefined;
    });
    await expect(scene.invitation(network, { name: 'late' })).rejects.toMatchObject({
      problem: { code: 'network.unknown' },
    });
    await nobodyElseNoticed();
  });

  it('4. what became of it is stated, and whoever has the management authority can tell that it is true', async () => {
    const elsewhere = new Elsewhere(installation);
    const { apiUrl, tokenFile } = installation.plane;
    const { items } = await scene.api.call(listAuthorities, {});
    elsewhere.write('ca.pem', items.find(({ kind }) => kind === 'management')!.certificate);
    const got = await elsewhere.caravan(
      ...['statement', 'get', 'pears', '--out', 'pears.jws', '--url', apiUrl, '--token-file', tokenFile],
    );
    expect(got).toMatchObject({ code: 0 });
    const verify = ['statement', 'verify', 'pears.jws', '--certificate-authority', 'ca.pem'];
    const { code, out } = await elsewhere.caravan(...verify);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/network pears of/) as string });
    for (const says of [
      '1 of members, 1 of invitations, 3 of authorities',
      'let nobody in: 2 of 2',
      'nothing left of it',
    ])
      expect(out).toContain(says);
    elsewhere.write('ca.pem', makeRoot().certificatePem);
    expect(await elsewhere.caravan(...verify)).toMatchObject({
      code: 1,
      err: expect.stringContaining('statement.not-trusted') as string,
    });
  });

  it('5. a backbone site goes with its access points and links', async () => {
    const north = await scene.backboneSite(backbone, 'north');
    await scene.link(north, east!);
    await eventually('it is linked', async () =>
      (await north.site.api()!.call(listSiteLinks, {})).items.some(({ access }) => access === 'peer'),
    );
    const revocation = await enforced(await ask({ kind: 'backbone-site', id: north.resource.id }));
    expect(revocation.confirmed.length).toBeGreaterThanOrEqual(2);
    await north.site.until('is cut off', ({ connected }) => !connected);
    await north.site.stop();
    await nobodyElseNoticed();
  });

  it('6. nobody comes back when everything was killed, in any order', async () => {
    for (const name of KILLED) installation.killProcess(name);
    for (const { site } of relays()) for (const which of ['relay', 'controller'] as const) site.kill(which);
    const some = [gone[0]!, gone.at(-2)!, gone.at(-1)!];
    await eventually('requests are answered again', () => requests.answered(20).then(() => true), { withinMs: 60_000 });
    for (const member of some) expect(await whatIsSaidTo(member)).toEqual(OUT);
    await eventually('the API is back', () =>
      unlessAway(scene.api.call(getNetwork, { params: { networkId: apples.id } })),
    );
    await Promise.all([seller!, buyer!].map((site) => site.connected()));
    for (const member of some) expect(await whatIsSaidTo(member)).toEqual(OUT);
  });

  it('7. a relay that was away enforces it before it lets anybody in, and the record says when', async () => {
    requests.stop();
    const late = await joinByHand(installation, file);
    await west!.site.stop();
    const revocation = await ask({ kind: 'member', id: late.siteId });
    const waiting = await eventually('the other has confirmed', async () => {
      const now = await scene.api.call(getRevocation, { params: { revocationId: revocation.id } });
      return now.confirmed.length === 1 && now;
    });
    expect(waiting).toMatchObject({ status: 'requested', waitingFor: [{ siteId: west!.resource.id }] });
    let admitted = 0;
    await west!.site.startAgain();
    const done = await eventually('it has confirmed', async () => {
      if ((await shakeHands(doorAt(west!), late.credential).catch(() => 'refused')) === 'admitted') admitted++;
      const now = await scene.api.call(getRevocation, { params: { revocationId: revocation.id } });
      return now.status === 'enforced' ? now : undefined;
    });
    expect(admitted).toBe(0);
    expect(done.confirmed).toHaveLength(2);
  });
});
