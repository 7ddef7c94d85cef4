import { X509Certificate } from 'node:crypto';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { connect as connectTcp } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { describeCertificate, exportPrivateKey, generateKeyPair, randomSerial, selfSignRoot } from '@caravan/pki';
import { INSTALLATION, issue, makeAuthority, makeRoot } from '@caravan/testing/data-plane';
import { createApp, listenOverTls, ServiceModule, shownBy } from '../index.js';
import type { TlsListener } from '../index.js';
import { serviceSaying } from './service.fixture.js';

@Controller('shown')
class Shown {
  @Get()
  shown(@Req() request: { socket: object }): object {
    const certificate = shownBy(request);
    return { subject: certificate === undefined ? null : describeCertificate(certificate).subject };
  }
}
@Module({ controllers: [Shown] })
class AppModule {}

const root = makeRoot();
const authority = makeAuthority(root, 'managementCa', 'management');
/** With what stands above it, as it lies on disk. */
const apiServer = () =>
  issue(authority, 'apiServer', { hosts: ['localhost', '127.0.0.1'] }, { withIntermediates: true });
const serialOf = (chain: string): string => new X509Certificate(chain).serialNumber;

describe('an application over TLS', () => {
  const lines: string[] = [];
  const service = serviceSaying((line) => void lines.push(line));
  const directory = mkdtempSync(join(tmpdir(), 'caravan-tls-'));
  const [certFile, keyFile] = [join(directory, 'api.pem'), join(directory, 'api.key')];
  const put = (path: string, text: string): void => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const [first, second] = [apiServer(), apiServer()];
  let app: INestApplication;
  let listener: TlsListener;

  beforeAll(async () => {
    put(certFile, first.chain);
    put(keyFile, first.key);
    const made = await createApp({ module: AppModule, imports: [ServiceModule.of(service)] }, service);
    await made.init();
    listener = await listenOverTls(made, service, { host: '127.0.0.1', port: 0, certFile, keyFile });
    app = made;
  });
  afterAll(async () => {
    await listener.close();
    await app.close();
    rmSync(directory, { recursive: true, force: true });
  });

  interface Answer {
    readonly text: string;
    readonly server: string;
    /** For the next handshake. */
    readonly session: Buffer | undefined;
    readonly isResumed: boolean;
  }
  const ask = (more: ConnectionOptions = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      let [text, server] = ['', ''];
      let session: Buffer | undefined;
      let isResumed = false;
      const socket = connect({ port: listener.port, host: '127.0.0.1', ca: root.certificatePem, ...more });
      socket.on('session', (each: Buffer) => (session = each));
      socket.on('secureConnect', () => {
        isResumed = socket.isSessionReused();
        server = socket.getPeerX509Certificate()?.serialNumber ?? '';
        socket.write('GET /shown HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
      });
      socket.on('data', (data: Buffer) => (text += data.toString()));
      socket.on('error', reject);
      socket.on('close', () => resolve({ text, server, session, isResumed }));
    });

  it('is told who proved to hold which certificate, and serves who shows none', async () => {
    expect((await ask()).text).toContain('{"subject":null}');
    const identity = `spiffe://${INSTALLATION}/administrator/ada`;
    const { chain: cert, key } = issue(authority, 'administrator', { identity });
    expect((await ask({ cert, key })).text).toContain('{"subject":"CN=administrator"}');
    const stranger = generateKeyPair();
    const own = { commonName: 'stranger', serial: randomSerial(), now: new Date(), keyPair: stranger };
    const nobody = { cert: selfSignRoot(own).certificatePem, key: exportPrivateKey(stranger.privateKey).reveal() };
    expect((await ask(nobody)).text).toContain('{"subject":"CN=stranger"}'); // judged by the application
  });

  it('resumes nothing, and speaks nothing older than TLS 1.3', async () => {
    const { session } = await ask();
    expect(await ask({ session: session! })).toMatchObject({
      isResumed: false,
      text: expect.stringContaining('200 OK') as string,
    });
    const resuming = createServer({ cert: first.chain, key: first.key }, (_, response) => response.end());
    await new Promise<void>((resolve) => resuming.listen(0, '127.0.0.1', resolve));
    const at = {
      port: (resuming.address() as AddressInfo).port,
      ca: authority.certificatePem,
      allowPartialTrustChain: true,
    };
    const { session: ticket } = await ask(at);
    expect(await ask({ ...at, session: ticket! })).toMatchObject({ isResumed: true }); // as Node does it otherwise
    resuming.close();
    await expect(ask({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/alert|version/i);
    expect(lines.join('')).toContain('request.no-handshake');
  });

  it('proves itself with what is on disk now, and goes on with what was good', async () => {
    const serverNow = async () => (await ask()).server;
    expect(await serverNow()).toBe(serialOf(first.chain));
    put(keyFile, second.key);
    for (let time = 0; time < 2; time++) expect(await serverNow()).toBe(serialOf(first.chain)); // between the two
    expect(lines.join('').split('are of no use')).toHaveLength(2); // told once
    expect(listener.shows()).toBe(first.chain);
    put(certFile, second.chain);
    expect(listener.shows()).toBe(second.chain); // also before anybody came
    expect(await serverNow()).toBe(serialOf(second.chain));
    rmSync(certFile);
    expect(await serverNow()).toBe(serialOf(second.chain));
    put(certFile, second.chain);
  });

  it('survives what is no TLS, says so once, and answers nothing', async () => {
    const heard = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connectTcp(listener.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
      socket.on('data', (data: Buffer) => (text += data.toString('latin1')));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
    });
    expect(heard).not.toContain('HTTP');
    const metrics = await service.metrics.metrics();
    expect(metrics).toMatch(/refused_total\{code="request.no-handshake",service="test"\} [1-9]/);
    expect(metrics).not.toContain('request.malformed');
    expect((await ask()).text).toContain('200 OK');
  });

  it('ends at once, whoever is in the middle of a handshake', async () => {
    const silent = connectTcp(listener.port, '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    const ended = new Promise((resolve) => silent.once('close', resolve));
    silent.on('error', () => undefined);
    const asked = performance.now();
    await Promise.all([listener.close(), ended]);
    expect(performance.now() - asked).toBeLessThan(1_000);
  });
});
