import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  bringAuthorityCertificate,
  createBackbone,
  getBackbone,
  getStatus,
  listAuthorityRequests,
  listMembers,
  rotateBackbone,
} from '@caravan/api';
import type { AuthorityRequest, Backbone } from '@caravan/api';
import { describeCertificate } from '@caravan/pki';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  askOnce,
  eventually,
  Onlookers,
  Rotations,
  Scene,
  serveEcho,
  startPair,
  TestInstallation,
} from '@caravan/testing/installation';
import type { Pair } from '@caravan/testing/installation';
import { CA_EXTENSIONS, OwnRoot } from '@caravan/testing/servers';

vi.setConfig({ testTimeout: 180_000 });
const run = promisify(execFile);

/** The key of the root lies in a drawer: whoever administers the installation signs with OpenSSL, elsewhere, and brings what was signed. */
describe('a root whose key is elsewhere', () => {
  const own = new OwnRoot();
  const other = new OwnRoot();
  let installation: TestInstallation;
  let scene: Scene;
  let server: TestServer;
  let saidAtFirst = '';
  let backbone: Backbone;
  let pair: Pair;
  let onlookers: Onlookers;

  beforeAll(async () => {
    own.make();
    other.make();
    server = await serveEcho();
    installation = await TestInstallation.start({
      offlineRoot: {
        certificate: own.at('root.pem'),
        sign: (state, said) => {
          saidAtFirst = said;
          const csr = readFileSync(join(state.secrets, 'pki', 'management-ca-1.csr'), 'utf8');
          writeFileSync(own.at('management.pem'), own.sign(csr));
          return own.at('management.pem');
        },
      },
    });
    scene = new Scene(installation);
  });
  afterAll(async () => {
    onlookers?.stop();
    server?.close();
    own.remove();
    other.remove();
    await installation?.stop();
  });

  const asked = () =>
    eventually('somebody is asked to sign', async () => {
      const { items } = await scene.api.call(listAuthorityRequests, { query: { status: 'asked' } });
      return items[0];
    });
  const bring = ({ id: requestId }: AuthorityRequest, certificates: string) =>
    scene.api.call(bringAuthorityCertificate, { params: { requestId }, body: { certificates } });
  const refusal = (request: AuthorityRequest, certificates: string) =>
    bring(request, certificates).then(
      () => 'taken',
      (error: Error) => error.message,
    );
  /** What the command line prints, to either output. */
  const caravan = async (...args: string[]) => {
    const { apiUrl, tokenFile } = installation.plane;
    const how = ['--url', apiUrl, '--token-file', tokenFile];
    const { stdout, stderr } = await run(process.execPath, [installation.programs.cli, ...args, ...how]);
    return stdout + stderr;
  };
  const status = async () => (await scene.api.call(getBackbone, { params: { backboneId: backbone.id } })).status;

  it('1. says at the first start what is to be signed, and how', () => {
    expect(saidAtFirst).toMatch(/management-ca-1\.csr/);
    expect(saidAtFirst).toMatch(/pathlen:0/);
    expect(describeCertificate(installation.root).subject).toBe('CN=Acme Root');
  });

  it('2. has a backbone wait for its certificate, and says so wherever somebody looks', async () => {
    backbone = await scene.api.call(createBackbone, { body: { name: 'demo' } });
    const request = await asked();
    expect(request).toMatchObject({ kind: 'backbone', backboneId: backbone.id, issuer: 'offline', pathLength: 2 });
    expect(await status()).toBe('awaiting-certificate');
    await eventually('cert-service says so', async () =>
      JSON.stringify(await scene.api.call(getStatus, {})).includes(`certificate of backbone ${backbone.id}`),
    );
  });

  it('3. refuses what does not fit, with every reason, and goes on waiting', async () => {
    const request = await asked();
    const wide = CA_EXTENSIONS.with(0, 'basicConstraints=critical,CA:TRUE,pathlen:1');
    expect(await refusal(request, own.sign(request.csr, { extensions: wide, days: 9_999 }))).toMatch(
      /path length is 1.*ends at/s,
    );
    expect(await refusal(request, other.sign(request.csr))).toContain('does not stand below the root');
    expect(await refusal(request, own.sign(own.request()))).toContain('for the key of the request');
    expect(await refusal(request, own.sign(request.csr).slice(0, 300))).toMatch(/damaged|read/);
    expect(await refusal(request, `-----BEGIN CERTIFICATE-----\n${'A'.repeat(70_000)}`)).toBeTruthy();
    expect(await status()).toBe('awaiting-certificate');
  });

  it('4. goes on with what is signed, though cert-service is killed at that moment', async () => {
    const request = await asked();
    const [csr, certificate] = [own.at('demo.csr'), own.at('demo.pem')];
    expect(await caravan('authority', 'request', 'backbone/demo', '--out', csr)).toContain('pathlen:2');
    const signed = own.sign(readFileSync(csr, 'utf8'));
    writeFileSync(certificate, signed);
    await installation.freeze('cert-service'); // which would be quicker than the kill now and then
    expect(await caravan('authority', 'certify', 'backbone/demo', certificate)).toContain('fits its request');
    installation.killProcess('cert-service');
    expect(await refusal(request, signed)).toBe('taken'); // once more, as somebody does who got no answer
    await eventually('the backbone is ready', async () => (await status()) === 'ready', { withinMs: 60_000 });
    expect(await refusal(request, signed)).toMatch(/has its certificate/);
  });

  it('5. carries a request between two sites', async () => {
    await scene.backboneSite(backbone, 'east');
    const network = await scene.network(backbone, 'apples');
    pair = await startPair(scene, network, server);
    onlookers = await Onlookers.at(pair.port);
  });

  it('6. is asked again when the backbone is rotated, by when, and nobody notices that it takes its time', async () => {
    const rotations = new Rotations(scene);
    const planned = await caravan('rotate', 'backbone', 'demo', '--dry-run');
    expect(planned).toMatch(/ordinal 2\. Nothing was done.*Renewed: .*access-point.*signatures: backbone \(offline\)/s);
    const begun = await scene.api.call(rotateBackbone, { params: { backboneId: backbone.id }, body: {} });
    const request = await asked();
    expect(request).toMatchObject({ kind: 'backbone', ordinal: 2, neededBy: expect.any(String) });
    expect(await caravan('rotate', 'pause', 'demo')).toContain('stands still');
    expect(await caravan('rotate', 'resume', 'demo')).toContain('goes on');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await rotations.read(begun)).toMatchObject({ phase: 'trust', status: 'running' });
    await bring(request, own.sign(request.csr));
    await rotations.finished(begun);
    expect(await onlookers.noticed()).toEqual([]);
  });

  it('7. shows the tree, with who signed whom and what is replaced', async () => {
    const tree = await caravan('tree');
    expect(tree).toMatch(/^root 1 \(in-use, \d+ days\)\n/);
    expect(tree).toMatch(/backbone demo 2 \(in-use, \d+ days, signed by offline\)\n.*infrastructure demo 2/);
    expect(tree).toMatch(/backbone demo 1 \(retired, \d+ days, signed by offline\)/);
    expect(tree).toMatch(/member apples 1 \(in-use, \d+ days\): 2 member/);
    const { items } = await scene.api.call(listMembers, { params: { networkId: pair.network.id } });
    const plans = items.map(({ name }) => caravan('evict', 'member', name, '--network', 'apples', '--dry-run'));
    const planned = (await Promise.all(plans)).join();
    expect(planned).toMatch(/would be revoked. Nothing was done.*1 site\./s);
    expect(planned).toContain('1 connectors that nobody reaches: goods');
    expect(planned).toContain('1 listeners that answer nobody: goods');
    expect((await askOnce(pair.port)).length).toBeGreaterThan(0);
  });
});
