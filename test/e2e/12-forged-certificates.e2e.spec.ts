import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Credential, Network } from '@caravan/api';
import { listAuthorities } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { describeCertificate } from '@caravan/pki';
import { BY_MANAGEMENT, DOORS, Forge, forgeriesOn, stolenKeys } from '@caravan/testing/forging';
import type { Right, StolenKey, Target } from '@caravan/testing/forging';
import {
  administratorOf,
  askApi,
  connectAsSite,
  eventually,
  joinByHand,
  Scene,
  shakeHands,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage } from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 120_000 });

/**
 * Every certificate that our own code would never sign, made with the stolen keys of the authorities that would have had to: of a
 * holder that there is, for each door of a relay, for NATS and for the API.
 */
describe('forged certificates', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let east: BackboneSiteOnStage;
  let network: Network;
  let keys: StolenKey[];
  const forge = new Forge();
  const { forgeries, honest } = forgeriesOn(() => ({ forge, keys, network, right }));
  const right = {} as Record<Target, Right>;
  let trust: string[];

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('doors');
    east = await scene.backboneSite(backbone, 'east');
    network = await scene.network(backbone, 'a');
    await scene.network(backbone, 'b');
    await scene.network(await scene.backbone('elsewhere'), 'c');
    const invitation = await scene.invitation(network, { name: 'visitors' });
    const file = await scene.invitationFile(invitation);
    const member = await joinByHand(installation, file);
    const identityOf = ({ chain }: Credential): string => describeCertificate(chain[0]!).uris[0]!;
    const managementSite = readFileSync(join(installation.state.secrets, 'management-site'), 'utf8').trim();
    const onBackbone = `spiffe://${installation.plane.installation}/backbone/${backbone.id}`;
    right.claim = { kind: 'claim', identity: identityOf(file.certificate) };
    right.member = { kind: 'member', identity: identityOf(member.credential) };
    right.peer = { kind: 'infrastructure', identity: `${onBackbone}/site/${east.resource.id}` };
    right.api = { kind: 'management', identity: identityOf(administratorOf(installation)) };
    right.manage = { kind: 'infrastructure', identity: `${onBackbone}/manage/${managementSite}` };
    const authorities = await eventually('all authorities are there', async () => {
      const { items } = await scene.api.call(listAuthorities, { query: { limit: 500 } });
      return items.filter(({ kind }) => kind === 'member').length === 3 && items;
    });
    trust = authorities.filter(({ kind }) => kind === 'infrastructure').map(({ certificate }) => certificate);
    keys = await stolenKeys(installation);
  }, 240_000);
  afterAll(async () => {
    forge.close();
    await installation?.stop();
  });

  const at = (target: (typeof DOORS)[number]) => ({
    port: east.accessPoints[target].port ?? 0,
    serverName: serverNameOf(target, right[target].kind === 'infrastructure' ? network.backboneId : network.id),
    ...(target === 'manage' && { protocol: 'caravan-h2r' as const }),
    trust,
  });

  describe.each(DOORS)('1. the %s door', (target) => {
    it('lets in what the right authority signed, and is not', async () => {
      expect(await shakeHands(at(target), honest(target))).toBe('admitted');
    });

    it.each(Object.keys(forgeries))('refuses what %s', async (what) => {
      expect(await shakeHands(at(target), forgeries[what]!(target))).toBe('refused');
    });
  });

  it('1. the relay has said why', () => {
    const said = east.site
      .logs()
      .split('\n')
      .filter((line) => line.includes('"link refused"'))
      .map((line) => JSON.parse(line) as { code: string; detail: string });
    const codes = new Set(said.map(({ code, detail }) => (code === 'handshake.failed' ? detail : code)));
    for (const code of ['identity.none', 'identity.ambiguous', 'identity.not-expected']) expect(codes).toContain(code);
    for (const code of ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'INVALID_PURPOSE']) expect(codes).toContain(code);
    expect(codes).not.toContain('ECONNRESET');
  });

  /** With every authority sent along that there is: whatever way there is to the root can be found. */
  const withAll = ({ chain, key: own }: Credential): Credential => ({
    chain: [
      ...new Set([...chain, ...keys.filter(({ kind }) => kind !== 'root').map(({ certificate }) => certificate)]),
    ],
    key: own,
  });
  /** A manage link's certificate is for relays alone. */
  describe.each(['claim', 'member', 'peer'] as const)('2. NATS, as a %s', (target) => {
    it('lets in what the right authority signed, and is not', async () => {
      await (await connectAsSite(installation, withAll(honest(target)))).close();
    });

    it.each(Object.keys(forgeries))('refuses what %s', async (what) => {
      await expect(connectAsSite(installation, withAll(forgeries[what]!(target)))).rejects.toThrow();
    });
  });

  describe('3. the API over TLS', () => {
    it('lets in what the right authority signed, and is not', async () => {
      expect(await askApi(installation, honest('api'))).toEqual({ status: 200 });
    });

    const forged = Object.keys(forgeries).filter((what) => what !== BY_MANAGEMENT);
    it.each(forged)('refuses what %s, says why, and not even a token helps', async (what) => {
      const shown = forgeries[what]!('api');
      const refused = { status: 401, code: 'request.unauthenticated', detail: expect.stringMatching(REASON) as string };
      expect(await askApi(installation, shown)).toEqual(refused);
      expect(await askApi(installation, shown, installation.token)).toEqual(refused);
    });
  });

  it('3. the API has logged why', () => {
    const said = installation
      .log('management-controller')
      .split('\n')
      .filter((line) => line.includes('certificate refused'));
    for (const code of [
      'chain.expired',
      'chain.not-yet-valid',
      'chain.wrong-usage',
      'chain.unknown-issuer',
      'identity.none',
    ])
      expect(said.some((line) => line.includes(code))).toBe(true);
  });
});

const REASON = /^The certificate that you show is not taken: (chain|identity)\.|it is (of|an authority)/;
