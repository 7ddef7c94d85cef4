import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listAuthorities, listCertificates, revoke, rotateInstallation } from '@caravan/api';
import type { Credential } from '@caravan/api';
import {
  describeCertificate,
  exportPrivateKey,
  generateKeyPair,
  randomSerial,
  selfSignRoot,
  splitChain,
} from '@caravan/pki';
import {
  administratorOf,
  ApiCaller,
  askApi,
  Elsewhere,
  eventually,
  Rotations,
  Scene,
  TestInstallation,
} from '@caravan/testing/installation';
import type { Said } from '@caravan/testing/installation';

vi.setConfig({ testTimeout: 240_000 });

const run = promisify(execFile);
const REFUSED = { status: 401, code: 'request.unauthenticated' };

/** Whoever administers an installation from elsewhere: proved to whom, known by what, and for how long. */
describe('the API over TLS', () => {
  let installation: TestInstallation;
  let scene: Scene;
  let elsewhere: Elsewhere;

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    elsewhere = new Elsewhere(installation);
  });
  afterAll(() => installation?.stop());

  const caravan = (...args: string[]) => elsewhere.caravan(...args);
  const url = (): string => installation.plane.apiTlsUrl;
  const shown = ['--client-certificate', 'ada.pem', '--client-key', 'ada.key'];

  it('1. the command line works with three files and no token, and remembers them', async () => {
    const { administrator, trustFile } = installation.plane;
    elsewhere.copy(trustFile, 'trust.pem');
    elsewhere.copy(administrator.certFile, 'ada.pem');
    elsewhere.copy(administrator.keyFile, 'ada.key');
    const trust = ['--certificate-authority', 'trust.pem'];
    expect(await caravan('login', '--url', url(), ...trust, ...shown)).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(join(elsewhere.home, 'config.json'), 'utf8')).not.toMatch(/"token"|PRIVATE/);
    expect(await caravan('create', 'backbone', 'from-afar')).toMatchObject({ code: 0, err: '' });
    const { out } = await caravan('get', 'backbones', '-o', 'json');
    expect(out).toContain('from-afar');
  });

  it('2. and tells nothing to whom nobody proves, nor half of it', async () => {
    const keyPair = generateKeyPair();
    const other = selfSignRoot({ commonName: 'other', serial: randomSerial(), now: new Date(), keyPair });
    elsewhere.write('other.pem', other.certificatePem);
    const untrusting = await caravan('status', '--url', url(), ...shown, '--certificate-authority', 'other.pem');
    expect(untrusting).toMatchObject({ code: 4 });
    expect(untrusting.err).toMatch(/api\.not-trusted|proves itself by nobody/);
    expect(untrusting.err).toContain('--certificate-authority');
    // Somebody else answers, of whom nobody trusts anything: neither what is said nor what is stored comes there.
    const shownThere: (string | undefined)[] = [];
    const impostor = createServer(
      {
        cert: other.certificatePem,
        key: exportPrivateKey(keyPair.privateKey).reveal(),
        requestCert: true,
        rejectUnauthorized: false,
      },
      (request, response) => response.end(`{}${String(request.headers.authorization)}`),
    );
    impostor.on('secureConnection', (socket) => shownThere.push(socket.getPeerX509Certificate()?.subject));
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    const there = `https://localhost:${(impostor.address() as AddressInfo).port}`;
    const untrusted = await caravan('status', '--url', there, ...shown, '--certificate-authority', 'trust.pem');
    expect(untrusted).toMatchObject({ code: 4, err: expect.stringContaining('api.not-trusted') as string });
    expect(await caravan('status', '--url', there)).toMatchObject({ code: 2 });
    expect(shownThere.filter((each) => each !== undefined)).toEqual([]);
    impostor.close();
    const plain = await caravan('status', '--url', installation.plane.apiUrl, ...shown);
    expect(plain).toMatchObject({ code: 2, err: expect.stringContaining('https://') as string });
    const token = ['--token-file', installation.plane.tokenFile];
    expect(
      await caravan('status', '--url', installation.plane.apiUrl, ...token, '--certificate-authority', 'trust.pem'),
    ).toMatchObject({ code: 0 });
    const half = await caravan('status', '--client-certificate', 'ada.pem');
    expect(half).toMatchObject({ code: 2 });
    expect(half.err).toContain('--client-key');
    const noUse = await caravan('status', '--client-certificate', 'ada.key', '--client-key', 'trust.pem');
    expect(noUse).toMatchObject({ code: 2 });
    expect(noUse.err).not.toContain('PRIVATE');
  });

  it('3. a token will do as well, and what is nobody’s is refused', async () => {
    expect(await askApi(installation, undefined, installation.token)).toEqual({ status: 200 });
    expect(await askApi(installation)).toMatchObject(REFUSED);
    expect(await askApi(installation, undefined, 'wrong')).toMatchObject(REFUSED);
    expect(await askApi(installation, administratorOf(installation), 'wrong')).toMatchObject(REFUSED);
  });

  it('4. through a rotation of the installation nobody is refused who goes by the files as they are; copies are of no use after it', async () => {
    const [copied, live] = [administratorOf(installation), ApiCaller.administrator(installation)];
    const trust = readFileSync(installation.plane.trustFile, 'utf8');
    const refused: Said[] = [];
    let isOver = false;
    let asked = 0;
    /** Each time anew, by what is on disk then, as the command line does. */
    const asking = (async () => {
      for (; !isOver; asked++) {
        const said = await askApi(installation, administratorOf(installation));
        if (said.status !== 200) refused.push(said);
        await pause(50);
      }
    })();
    /** On one connection, which is older than all that comes. */
    const lasting = (async () => {
      for (;;) {
        const said = await live.ask();
        if (said.status !== 200) return said;
        await pause(500);
      }
    })();
    const rotation = await scene.api.call(rotateInstallation, { body: {} });
    await new Rotations(scene).finished(rotation, 170_000);
    expect((await lasting).detail).toMatch(/chain\.(unknown-issuer|bad-signature)/);
    isOver = true;
    await asking;
    expect(refused).toEqual([]);
    expect(asked).toBeGreaterThan(20);
    expect(live.connections).toBe(1);
    // The API proves itself by the next authority, which is not among those that were copied.
    await expect(askApi(installation, copied, undefined, trust)).rejects.toThrow(/issuer certificate/);
    expect((await askApi(installation, copied)).detail).toMatch(/chain\.(unknown-issuer|bad-signature)/);
    live.close();
    expect(splitChain(readFileSync(installation.plane.trustFile, 'utf8'))).toHaveLength(1);
    expect(await askApi(installation, administratorOf(installation))).toEqual({ status: 200 });
    expect(await askApi(installation, copied, installation.token)).toMatchObject(REFUSED);
  });

  it('5. a stolen key is of no use once its certificate is revoked: neither on a connection that lasts, nor after any restart', async () => {
    const stolen: Credential = administratorOf(installation);
    const live = new ApiCaller(installation, stolen);
    expect(await live.ask()).toEqual({ status: 200 });
    const { serial } = describeCertificate(stolen.chain[0]!);
    const { items } = await scene.api.call(listCertificates, { query: { holderKind: 'administrator', limit: 500 } });
    const certificate = items.find((each) => each.serial === serial)!;
    expect(certificate).toMatchObject({ holderId: 'local', breaks: expect.stringContaining('API') as string });
    const asked = performance.now();
    const body = { kind: 'certificate', id: certificate.id, reason: 'key-compromise' } as const;
    const revocation = await scene.api.call(revoke, { body });
    await eventually('it is refused', async () => (await live.ask()).status === 401, { everyMs: 20 });
    process.stdout.write(`    refused ${Math.round(performance.now() - asked)} ms after it was asked for\n`);
    expect(revocation).toMatchObject({ backboneId: null, confirmed: [] });
    expect((await live.ask()).detail).toContain('revoked');
    expect(live.connections).toBe(1);
    live.close();
    installation.killProcess('management-controller');
    const again = await eventually('the API is back', () => askApi(installation, stolen).catch(() => undefined));
    expect(again).toMatchObject({ ...REFUSED, detail: expect.stringContaining('revoked') as string });
    const authorities = (await scene.api.call(listAuthorities, { query: { limit: 500 } })).items;
    const { id } = authorities.filter(({ kind }) => kind === 'management').at(-1)!;
    const list = new URL(`/crl/${id}.crl`, installation.plane.apiUrl);
    await eventually('it is listed', async () =>
      Buffer.from(await (await fetch(list)).arrayBuffer()).includes(Buffer.from(serial, 'hex')),
    );
  });

  it('6. who was robbed has another made, with another key', async () => {
    const stolen = administratorOf(installation);
    const env = { ...installation.environmentOf('cert-service'), PATH: process.env['PATH'] };
    const again = ['init', '--out', join(installation.state.secrets, 'pki'), '--administrator', 'local'];
    await run(process.execPath, [installation.programs.certService, ...again], { env });
    expect(administratorOf(installation).key).not.toBe(stolen.key);
    expect(await askApi(installation, administratorOf(installation))).toEqual({ status: 200 });
    expect(await askApi(installation, stolen)).toMatchObject(REFUSED);
  });
});
