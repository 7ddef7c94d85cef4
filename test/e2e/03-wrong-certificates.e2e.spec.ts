import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteMember, listAuthorities, listBackbones } from '@caravan/api';
import type { Authority, Credential, InvitationFile, Network } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { CAPABILITY, claimSubject, siteSubject } from '@caravan/events';
import {
  administratorOf,
  ask,
  askApi,
  connectAsSite,
  eventually,
  newKey,
  openTunnel,
  Scene,
  shakeHands,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage } from '@caravan/testing/installation';

type Door = 'claim' | 'member' | 'peer' | 'manage';

/** Every kind of certificate at every other kind's door, at the NATS server, and beyond what its holder may reach. */
describe('wrong certificates', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let east: BackboneSiteOnStage;
  let networks: { a: Network; b: Network };
  let authorities: readonly Authority[];
  let invitationA: { id: string; file: InvitationFile };
  const held: Record<string, Credential> = {};
  const memberIds: Record<'a' | 'b', string> = { a: '', b: '' };

  /** Joins as a site would, by hand, so that the test holds the key. */
  async function member(
    network: Network,
    name: string,
  ): Promise<{ id: string; credential: Credential; file: InvitationFile; invitationId: string }> {
    const invitation = await scene.invitation(network, { name });
    const file = await scene.invitationFile(invitation);
    const { csr, key } = newKey(name);
    const nats = await connectAsSite(installation, file.certificate);
    const answer = await eventually('admitted', async () => {
      const reply = await ask(nats, claimSubject(invitation.id), { capability: CAPABILITY, csr });
      return reply['status'] === 'admitted' ? reply : undefined;
    });
    await nats.close();
    const credential = { chain: answer['chain'] as string[], key };
    return { id: answer['siteId'] as string, credential, file, invitationId: invitation.id };
  }

  async function bootstrapAndSite(): Promise<void> {
    const extra = await scene.siteOnPaper({ id: east.resource.backboneId }, 'extra');
    held['bootstrap'] = extra.bundle.certificate;
    const { csr, key } = newKey('extra');
    const nats = await connectAsSite(installation, extra.bundle.certificate);
    const answer = await eventually('enrolled', async () => {
      const reply = await ask(nats, siteSubject(extra.resource.id, 'enrol'), { capability: CAPABILITY, csr });
      return reply['status'] === 'admitted' ? reply : undefined;
    });
    await nats.close();
    held['backbone site'] = { chain: answer['chain'] as string[], key };
  }

  /** The management site may hold another certificate for the same link; asked for with a key of the test's own. */
  async function manageLink(): Promise<Credential> {
    const pki = join(installation.state.secrets, 'pki');
    const chain = readFileSync(join(pki, 'management-site.pem'), 'utf8').match(
      /-----BEGIN[\s\S]*?-----END CERTIFICATE-----\n/g,
    );
    const credential = { chain: [...(chain ?? [])], key: readFileSync(join(pki, 'management-site.key'), 'utf8') };
    const siteId = readFileSync(join(installation.state.secrets, 'management-site'), 'utf8').trim();
    const nats = await connectAsSite(installation, credential);
    const { csr, key } = newKey('manage');
    const request = { capability: CAPABILITY, itemId: `manage-${east.resource.backboneId}`, ordinal: 1, csr };
    const answer = await eventually('issued', async () => {
      const reply = await ask(nats, siteSubject(siteId, 'certificate'), request);
      return reply['status'] === 'issued' ? reply : undefined;
    });
    await nats.close();
    return { chain: answer['chain'] as string[], key };
  }

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('doors');
    east = await scene.backboneSite(backbone, 'east');
    networks = { a: await scene.network(backbone, 'a'), b: await scene.network(backbone, 'b') };
    const [inA, inB] = [await member(networks.a, 'alpha'), await member(networks.b, 'beta')];
    memberIds.a = inA.id;
    memberIds.b = inB.id;
    invitationA = { id: inA.invitationId, file: inA.file };
    held['claim'] = inA.file.certificate;
    held['member'] = inA.credential;
    held['member of b'] = inB.credential;
    await bootstrapAndSite();
    held['manage link'] = await manageLink();
    held['administrator'] = administratorOf(installation);
    authorities = (await scene.api.call(listAuthorities, { query: { limit: 500 } })).items;
  }, 240_000);
  afterAll(() => installation.stop(), 60_000);

  const serverName = (door: Door): string =>
    serverNameOf(door, door === 'claim' || door === 'member' ? networks.a.id : east.resource.backboneId);
  const at = (door: Door) => ({
    port: east.accessPoints[door].port ?? 0,
    serverName: serverName(door),
    ...(door === 'manage' && { protocol: 'caravan-h2r' as const }),
    trust: authorities.filter(({ kind }) => kind === 'infrastructure').map(({ certificate }) => certificate),
  });
  /** The leaf alone, or with every authority above it sent along. */
  const withIntermediates = ({ chain, key }: Credential) => ({
    key,
    chain: [...chain, ...authorities.filter(({ kind }) => kind !== 'root').map(({ certificate }) => certificate)],
  });
  const leafOnly = ({ chain, key }: Credential) => ({ key, chain: chain.slice(0, 1) });

  const right: Record<Door, string> = {
    claim: 'claim',
    member: 'member',
    peer: 'backbone site',
    manage: 'manage link',
  };
  const places = ['claim', 'member', 'member of b', 'bootstrap', 'backbone site', 'manage link'];
  const kinds = [...places, 'administrator'];

  describe.each(['claim', 'member', 'peer', 'manage'] as const)('1. the %s door', (door) => {
    it.each(kinds)(
      '%s: opens to its own kind only',
      async (kind) => {
        const credential = held[kind] as Credential;
        const expected = right[door] === kind ? 'admitted' : 'refused';
        expect(await shakeHands(at(door), leafOnly(credential))).toBe(expected);
        expect(await shakeHands(at(door), withIntermediates(credential))).toBe(expected);
      },
      30_000,
    );

    it('refuses who brings no certificate, or names a door that there is not', async () => {
      expect(await shakeHands(at(door), undefined)).toBe('refused');
      const elsewhere = { ...at(door), serverName: 'example.org' };
      expect(await shakeHands(elsewhere, held[right[door]] as Credential)).toBe('refused');
    });
  });

  it.each([...places, 'router-config', 'nats-server', 'management-site'])(
    '1. the API over TLS is for administrators, and for nobody with a certificate of a %s',
    async (kind) => {
      const pki = join(installation.state.secrets, 'pki');
      const ofFile = (): Credential => ({
        chain: [readFileSync(join(pki, `${kind}.pem`), 'utf8')],
        key: readFileSync(join(pki, `${kind}.key`), 'utf8'),
      });
      const refused = {
        status: 401,
        code: 'request.unauthenticated',
        detail: expect.stringContaining('is not taken') as string,
      };
      expect(await askApi(installation, withIntermediates(held[kind] ?? ofFile()))).toEqual(refused);
    },
  );

  it('2. with a claim certificate the relay refuses every address but caravan.control', async () => {
    const claim = held['claim'] as Credential;
    expect(await openTunnel(at('claim'), claim, 'caravan.control')).toBe(200);
    for (const address of ['inventory', 'localhost:22', '127.0.0.1:4222', '']) {
      expect(await openTunnel(at('claim'), claim, address)).not.toBe(200);
    }
  });

  it('3. with a claim certificate the NATS server takes nothing but that claim', async () => {
    const { file, id } = invitationA;
    const nats = await connectAsSite(installation, file.certificate);
    for (const subject of [
      claimSubject('00000000-0000-7000-8000-000000000000'),
      siteSubject(memberIds.a, 'sync'),
      'caravan.evt.membership.invitation.x',
      '$JS.API.INFO',
    ]) {
      await expect(nats.request(subject, '{}', { timeout: 1_000 })).rejects.toThrow();
    }
    expect(await ask(nats, claimSubject(id), {})).toMatchObject({ error: { code: 'request.invalid' } }); // its own is heard
    await nats.close();
  });

  it('3. with an administrator’s certificate it takes nothing', async () => {
    await expect(connectAsSite(installation, held['administrator']!)).rejects.toThrow();
  });

  it('4. a member of a reaches nothing of b, nor another site’s subject', async () => {
    const nats = await connectAsSite(installation, held['member'] as Credential);
    const sync = { capability: CAPABILITY, revision: 0 };
    expect(await ask(nats, siteSubject(memberIds.a, 'sync'), sync)).toMatchObject({ kind: 'snapshot' });
    await expect(ask(nats, siteSubject(memberIds.b, 'sync'), sync)).rejects.toThrow();
    await expect(ask(nats, siteSubject(east.resource.id, 'sync'), sync)).rejects.toThrow();
    await nats.close();
  });

  it('5. a reply that names an event’s subject writes nothing into the log', async () => {
    const nats = await connectAsSite(installation, held['member'] as Credential);
    const [{ id: backboneId } = { id: '' }] = (await scene.api.call(listBackbones, {})).items;
    const before = await position();
    const payload = JSON.stringify({ capability: CAPABILITY, revision: 0 });
    nats.publish(siteSubject(memberIds.a, 'sync'), payload, { reply: `caravan.evt.topology.backbone.${backboneId}` });
    await nats.flush();
    await ask(nats, siteSubject(memberIds.a, 'sync'), { capability: CAPABILITY, revision: 0 }); // answered after the forged one
    expect(await position()).toBe(before);
    await nats.close();
  });

  it('6. a member that is removed is disconnected, and does not come back', async () => {
    const gone = await member(networks.b, 'gone');
    const nats = await connectAsSite(installation, gone.credential);
    const stays = await connectAsSite(installation, held['member'] as Credential);
    const closed = nats.closed();
    await scene.api.call(deleteMember, { params: { networkId: networks.b.id, memberId: gone.id } });
    await expect(Promise.race([closed.then(() => 'closed'), pause(10_000, undefined, { ref: false })])).resolves.toBe(
      'closed',
    );
    expect(stays.isClosed()).toBe(false);
    await stays.close();
    await expect(connectAsSite(installation, gone.credential)).rejects.toThrow();
  });

  /** The log's last position, as the read models have it once nothing is under way. */
  async function position(): Promise<number> {
    let last = -1;
    return eventually(
      'the log is quiet',
      async () => {
        const answer = await fetch(`${installation.plane.apiUrl}/backbones`, {
          headers: { authorization: `Bearer ${installation.token}` },
        });
        const now = Number(answer.headers.get('caravan-position'));
        if (now === last) return now;
        last = now;
        return undefined;
      },
      { everyMs: 1_000 },
    );
  }
});
