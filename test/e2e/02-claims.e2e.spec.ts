import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deleteInvitation,
  listAuthorities,
  listBackbones,
  listCertificates,
  listInvitations,
  listMembers,
  listNetworks,
  rebuildProjections,
  revokeInvitation,
} from '@caravan/api';
import type { Invitation, InvitationFile, Member, Network } from '@caravan/api';
import { CAPABILITY, claimSubject } from '@caravan/events';
import { ask, connectAsSite, eventually, newKey, Scene, TestInstallation } from '@caravan/testing/installation';
import type { TestSite } from '@caravan/testing/installation';

/** An invitation and everybody who wants to use it. Sites are real processes whose only way in is the backbone. */
describe('claims', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let network: Network;

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('claims');
    await scene.backboneSite(backbone, 'east');
    network = await scene.network(backbone, 'crowd');
  }, 180_000);
  afterAll(() => installation.stop(), 60_000);

  const memberNames = async (invitationId: string): Promise<string[]> => {
    const params = { networkId: network.id };
    const { items } = await scene.api.call(listMembers, { params, query: { invitationId, limit: 500 } });
    return items.map(({ name }) => name).sort();
  };
  const claimBy = async (file: InvitationFile, invitation: Invitation, csr: string) => {
    const nats = await connectAsSite(installation, file.certificate);
    try {
      return await ask(nats, claimSubject(invitation.id), { capability: CAPABILITY, csr });
    } finally {
      await nats.close();
    }
  };

  it('1. fifty sites claim an invitation of limit 5 at once: five members, forty-five clear refusals', async () => {
    const invitation = await scene.invitation(network, { name: 'rush', instanceLimit: 5 });
    const file = await scene.invitationFile(invitation);
    const sites: TestSite[] = await Promise.all(
      Array.from({ length: 50 }, (_, index) => scene.site(`rush-${index}`, file)),
    );
    const outcomes = await Promise.all(
      sites.map((site) =>
        eventually(
          `${site.name} is joined or refused`,
          async () => {
            const { exit } = site.supervisor;
            if (exit) return { site, code: exit.code };
            const state = await site.state();
            return state?.step === 'joined' ? { site, code: null } : undefined;
          },
          { withinMs: 240_000, everyMs: 500 },
        ),
      ),
    );
    const joined = outcomes.filter(({ code }) => code === null);
    const refused = outcomes.filter(({ code }) => code !== null);
    expect(joined).toHaveLength(5);
    expect(refused.map(({ code }) => code)).toEqual(Array.from({ length: 45 }, () => 3));
    for (const { site } of refused) expect(site.logs()).toContain('invitation.exhausted');
    await eventually('the lists have them', async () => (await memberNames(invitation.id)).length >= 5);
    expect(await memberNames(invitation.id)).toEqual(['rush-1', 'rush-2', 'rush-3', 'rush-4', 'rush-5']);

    const states = await Promise.all(joined.map(({ site }) => site.state()));
    for (const state of states) {
      const holderId = state?.siteId ?? '';
      const { items } = await scene.api.call(listCertificates, { query: { holderKind: 'member', holderId } });
      expect(items).toHaveLength(1);
    }
    await Promise.all(joined.map(({ site }) => site.stop()));
  }, 300_000);

  it('2. whoever claims again with the same key gets the same member and the same certificate', async () => {
    const invitation = await scene.invitation(network, { name: 'again', instanceLimit: 1 });
    const file = await scene.invitationFile(invitation);
    const { csr } = newKey('again');
    const answers = await Promise.all([1, 2, 3].map(() => claimBy(file, invitation, csr)));
    const late = await claimBy(file, invitation, csr);
    expect(late).toMatchObject({ status: 'admitted', name: 'again' });
    for (const answer of answers) expect(answer).toEqual(late);
    await eventually('the lists have it', async () => (await memberNames(invitation.id)).length >= 1);
    expect(await memberNames(invitation.id)).toEqual(['again']);
    // A negative control: another key is another claimant.
    expect(await claimBy(file, invitation, newKey('other').csr)).toMatchObject({
      error: { code: 'invitation.exhausted', retry: 'never' },
    });
  });

  it('3. expired, revoked and unknown invitations are refused with their own codes', async () => {
    const soon = new Date(Date.now() + 4_000).toISOString();
    const expiring = await scene.invitation(network, { name: 'expiring', deadline: soon });
    const revoked = await scene.invitation(network, { name: 'revoked' });
    const deleted = await scene.invitation(network, { name: 'deleted' });
    const files = await Promise.all([expiring, revoked, deleted].map((invitation) => scene.invitationFile(invitation)));
    const [expiringFile, revokedFile, deletedFile] = files as [InvitationFile, InvitationFile, InvitationFile];

    const params = (invitation: Invitation) => ({ networkId: network.id, invitationId: invitation.id });
    await scene.api.call(revokeInvitation, { params: params(revoked) });
    await scene.api.call(deleteInvitation, { params: params(deleted) });
    await eventually('the deadline has passed', () => Date.now() > Date.parse(soon));

    const refusals = await Promise.all([
      claimBy(expiringFile, expiring, newKey('x').csr),
      claimBy(revokedFile, revoked, newKey('x').csr),
      claimBy(deletedFile, deleted, newKey('x').csr),
    ]);
    expect(refusals).toMatchObject([
      { error: { code: 'invitation.expired', retry: 'never' } },
      { error: { code: 'invitation.revoked', retry: 'never' } },
      { error: { code: 'invitation.unknown', retry: 'never' } },
    ]);
  });

  it('4. a site that is refused says why and ends with exit code 3', async () => {
    const invitation = await scene.invitation(network, { name: 'closed' });
    const file = await scene.invitationFile(invitation);
    await scene.api.call(revokeInvitation, { params: { networkId: network.id, invitationId: invitation.id } });
    const site = await scene.site('closed', file);
    const exit = await eventually('the supervisor has ended', () => site.supervisor.exit);
    expect(exit.code).toBe(3);
    expect(site.logs()).toContain('invitation.revoked');
  });

  it('5. bad requests on the claim subject are refused with a code, and the next good one is answered', async () => {
    const invitation = await scene.invitation(network, { name: 'garbage' });
    const file = await scene.invitationFile(invitation);
    const nats = await connectAsSite(installation, file.certificate);
    const raw = async (payload: string | Uint8Array) => {
      const answer = await nats.request(claimSubject(invitation.id), payload, { timeout: 10_000 });
      return answer.json<{ error: { code: string } }>().error.code;
    };
    expect(await raw('not json')).toBe('request.not-json');
    expect(await raw('{}')).toBe('request.invalid');
    expect(await raw(new Uint8Array(300_000))).toBe('request.too-large');
    expect(await raw(JSON.stringify({ capability: CAPABILITY, csr: 'x' }))).toBe('request.invalid');
    // The last line is the end of the signature.
    const forged = newKey('forged').csr.replace(/.(?=.*\n-----END)/, (first) => (first === 'A' ? 'B' : 'A'));
    expect(await raw(JSON.stringify({ capability: CAPABILITY, csr: forged }))).toBe('csr.bad-signature');
    await nats.close();
    expect(await claimBy(file, invitation, newKey('good').csr)).toMatchObject({ status: 'admitted' });
  });

  it('0. the API describes itself, to everybody, and does nothing else without a token', async () => {
    const at = (path: string) => fetch(new URL(path, installation.plane.apiUrl));
    const document = await (await at('/api/openapi.json')).json();
    expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api/v1' }] });
    const page = await at('/api/docs/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
    expect(await (await at('/api/docs/swagger-initializer.js')).text()).toContain('/api/openapi.json');
    expect((await at('/api/v1/backbones')).status).toBe(401);
  });

  it('6. a rebuild of the read models gives identical lists', async () => {
    const params = { networkId: network.id };
    const everything = async () => ({
      backbones: await scene.api.call(listBackbones, {}),
      networks: await scene.api.call(listNetworks, {}),
      invitations: await scene.api.call(listInvitations, { params }),
      members: (await scene.api.call(listMembers, { params, query: { limit: 500 } })).items.map(withoutSightings),
      authorities: await scene.api.call(listAuthorities, { query: { limit: 500 } }),
      certificates: await scene.api.call(listCertificates, { query: { limit: 500 } }),
    });
    // Whoever claimed a moment ago has a certificate soon.
    const before = await eventually('nothing is under way', async () => {
      const all = await everything();
      return all.members.every(({ status }) => status === 'joined') ? all : undefined;
    });
    expect(before.members.length).toBeGreaterThan(5);
    const { position } = await scene.api.call(rebuildProjections, {});
    expect(position).toBeGreaterThan(0);
    expect(await everything()).toEqual(before);
  });
});

/** When a site last reported is live and no part of a rebuild. */
const withoutSightings = ({ lastSeenAt: _, ...member }: Member) => member;
