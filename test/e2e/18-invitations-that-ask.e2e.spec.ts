import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { declineClaim, listCertificates, listClaims, listMembers, revokeInvitation } from '@caravan/api';
import type { Claim, InvitationFile, Network } from '@caravan/api';
import { CAPABILITY, claimSubject } from '@caravan/events';
import {
  ask,
  connectAsSite,
  Elsewhere,
  eventually,
  newKey,
  Scene,
  TestInstallation,
} from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 120_000 });

/** Whoever runs the network lets in whom they know; whoever joins says who they are, at their own machine. */
describe('invitations that ask', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let network: Network;
  let elsewhere: Elsewhere;
  const started: string[] = [];

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('asking');
    await scene.backboneSite(backbone, 'east');
    network = await scene.network(backbone, 'guild');
    elsewhere = new Elsewhere(installation);
  }, 180_000);
  afterAll(async () => {
    await Promise.all(started.map((dir) => elsewhere.caravan('site', 'stop', '--dir', dir)));
    await installation.stop();
  });

  const caravan = (...args: string[]) => {
    const { apiUrl, tokenFile } = installation.plane;
    return elsewhere.caravan(...args, '--url', apiUrl, '--token-file', tokenFile);
  };
  const joins = (dir: string, ...more: string[]) => {
    started.push(dir);
    return elsewhere.caravan('join', 'shop.json', '--dir', dir, ...more);
  };
  const params = () => ({ networkId: network.id });
  const claims = async () => (await scene.api.call(listClaims, { params: params() })).items;
  const claimOf = (name: string, status: Claim['status']) =>
    eventually(`${name} is ${status}`, async () =>
      (await claims()).find((claim) => claim.name === name && claim.status === status),
    );
  const members = async () => (await scene.api.call(listMembers, { params: params() })).items;
  const isTold = (dir: string, what: string) =>
    eventually(`${dir} is told ${what}`, async () =>
      (await elsewhere.caravan('site', 'status', '--dir', dir)).out.includes(what),
    );
  const theFile = () => JSON.parse(readFileSync(join(elsewhere.home, 'shop.json'), 'utf8')) as InvitationFile;

  it('1. say so to whoever joins, who has nothing yet and leaves nothing behind', async () => {
    const asks = ['--ask', 'contact=Whom shall we call?', '--ask', 'floor:number?'];
    const how = ['--limit', '2', '--approval', '--interactive', ...asks, '--out', 'shop.json'];
    expect(await caravan('invite', 'guild', 'shop', ...how)).toMatchObject({ code: 0 });
    const unsaid = await elsewhere.caravan('join', 'shop.json', '--dir', 'unsaid');
    expect(unsaid).toMatchObject({ code: 2, err: expect.stringContaining('--name <name> --set contact=<value>') });
    expect(await elsewhere.caravan('site', 'status', '--dir', 'unsaid')).not.toMatchObject({ code: 0 });
    expect(await claims()).toEqual([]);
  });

  it('2. let nobody in before somebody has approved, who is killed meanwhile', async () => {
    const paris = joins('paris', '--name', 'paris', '--set', 'contact=Ada', '--set', 'floor=2');
    const claim = await claimOf('shop-paris', 'awaited');
    expect(claim).toMatchObject({ details: { contact: 'Ada', floor: 2 }, decidedAt: null, decidedBy: null });
    await isTold('paris', 'claim.awaits-approval');
    expect(await members()).toEqual([]);
    const { items } = await scene.api.call(listCertificates, { query: { holderId: claim.id } });
    expect(items).toEqual([]);
    installation.killProcess('management-controller');
    const listed = await eventually('it is listed', async () => {
      const { code, out } = await caravan('get', 'claims', '--status', 'awaited');
      return code === 0 && out;
    });
    expect(listed).toMatch(/shop-paris +awaited +shop +contact: Ada, floor: 2/);
    expect(await caravan('approve', 'claim', 'shop-paris')).toMatchObject({
      code: 0,
      out: 'claim/shop-paris approved\n',
    });
    const { code, out, err } = await paris;
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('Joined guild as shop-paris') });
    expect(err).toContain('has to approve of this site');
    expect(await members()).toMatchObject([{ name: 'shop-paris', details: { contact: 'Ada', floor: 2 } }]);
    const decided = await claimOf('shop-paris', 'member');
    expect(decided).toMatchObject({ decidedAt: expect.any(String), decidedBy: expect.any(String) });
    // Approved of once more, it is what it is.
    expect(await caravan('approve', 'claim', claim.id)).toMatchObject({ code: 0 });
    expect(await caravan('decline', 'claim', claim.id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('[claim.approved]'),
    });
  });

  it('3. tell whoever took a name that is taken, who takes another, and whoever is declined, for good', async () => {
    const again = await joins('rome', '--name', 'paris', '--set', 'contact=Bob');
    expect(again).toMatchObject({ code: 3, err: expect.stringContaining('[invitation.site-name-taken]') });
    const rome = joins('rome', '--name', 'rome', '--set', 'contact=Bob');
    const { id: claimId } = await claimOf('shop-rome', 'awaited');
    // The two places are taken, by one who is in and one who may be.
    const third = await joins('oslo', '--name', 'oslo', '--set', 'contact=Eve');
    expect(third).toMatchObject({ code: 3, err: expect.stringContaining('[invitation.exhausted]') });
    await scene.api.call(declineClaim, { params: { ...params(), claimId } });
    expect(await rome).toMatchObject({ code: 3, err: expect.stringContaining('[invitation.claim-declined]') });
    expect(await joins('rome')).toMatchObject({ code: 3 });
    const oslo = joins('oslo', '--name', 'oslo', '--set', 'contact=Eve');
    await claimOf('shop-oslo', 'awaited');
    expect(await caravan('approve', 'claim', 'shop-oslo')).toMatchObject({ code: 0 });
    expect(await oslo).toMatchObject({ code: 0, out: expect.stringContaining('as shop-oslo') });
  });

  it('4. hold what any program says against what was asked, and tell older sites what they understand', async () => {
    const { items } = await scene.api.call(listClaims, { params: params(), query: { status: 'member' } });
    const { invitationId } = items[0]!;
    const nats = await connectAsSite(installation, theFile().certificate);
    const says = (said: object) => {
      const { csr } = newKey('x');
      return ask(nats, claimSubject(invitationId), { capability: CAPABILITY, csr, ...said });
    };
    const refused = (code: string) => ({ error: { code, retry: 'never' } });
    try {
      const full = { name: 'bern', details: { contact: 'Ada' } };
      expect(await says(full)).toMatchObject(refused('invitation.exhausted'));
      expect(await says({ ...full, details: { contact: 'A'.repeat(300) } })).toMatchObject(refused('request.invalid'));
      expect(await says({ ...full, name: 'not a name' })).toMatchObject(refused('request.invalid'));
    } finally {
      await nats.close();
    }
    const wide = await scene.invitation(network, {
      ...{ name: 'wide', instanceLimit: 5, approval: true },
      asks: [{ type: 'choice', name: 'region', about: '', required: true, choices: ['emea', 'apac'] }],
    });
    const file = await scene.invitationFile(wide);
    const other = await connectAsSite(installation, file.certificate);
    const tells = (said: object, capability = CAPABILITY) =>
      ask(other, claimSubject(wide.id), { capability, csr: newKey('y').csr, ...said });
    try {
      for (const wrong of [{}, { details: { region: 'mars' } }, { details: { region: 'emea', size: 1 } }]) {
        expect(await tells(wrong)).toMatchObject(refused('invitation.details-wrong'));
      }
      const details = { region: 'emea' };
      expect(await tells({ details, name: 'bern' })).toMatchObject(refused('invitation.site-name-wrong'));
      expect(await tells({ details })).toMatchObject({ status: 'pending', awaits: 'approval' });
      expect(await tells({ details }, CAPABILITY - 1)).toEqual({
        ...{ status: 'pending', siteId: expect.any(String) as string, retryAfterMs: expect.any(Number) as number },
      });
      await scene.api.call(revokeInvitation, { params: { ...params(), invitationId: wide.id } });
      const { id } = await claimOf('wide-1', 'awaited');
      const late = await caravan('approve', 'claim', id);
      expect(late).toMatchObject({ code: 1, err: expect.stringContaining('[invitation.revoked]') });
    } finally {
      await other.close();
    }
  });
});
