import { execFile } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, dial, dialTls, serveTls } from '@caravan/testing/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import { eventually, Scene, supply as supplyTo, TestInstallation } from '@caravan/testing/installation';
import type { TestSite } from '@caravan/testing/installation';
import { OwnRoot } from '@caravan/testing/servers';

vi.setConfig({ testTimeout: 120_000 });
const run = promisify(execFile);
/** What an authority is, to those who only need its certificate. */
type Trust = NonNullable<Parameters<typeof dialTls>[1]['trust']>;
const trusting = (certificatePem: string) => ({ certificatePem }) as Trust;

/** A shop that speaks TLS at one end, browsers that speak it at the other, and a network that both reach over their sites. */
describe('TLS between applications and their sites', () => {
  const [company, partners, strangers] = [new OwnRoot(), new OwnRoot(), new OwnRoot()];
  let installation: TestInstallation;
  let scene: Scene;
  let [seller, buyer]: TestSite[] = [];
  let shop: TestServer<TLSSocket>;
  const opened: TestServer<TLSSocket>[] = [];
  const ports: Record<string, number> = {};

  const supply = (site: TestSite, name: string, files: Record<string, string>) => supplyTo(site.dir, name, files);
  const serving = async (by: OwnRoot, host: string): Promise<TestServer<TLSSocket>> => {
    const answering = (socket: TLSSocket) =>
      void socket.on('data', (data: Buffer) => socket.write(`shop: ${data.toString()}`));
    const server = await serveTls({ credential: by.server(host) }, answering);
    opened.push(server);
    return server;
  };
  const caravan = async (...args: string[]) => {
    const failed = ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr;
    return run(process.execPath, [installation.programs.cli, ...args]).then(failed, failed);
  };
  const answerOf = async (port: number, terms: Parameters<typeof dialTls>[1]): Promise<string> => {
    const socket = await dialTls(port, terms);
    try {
      return await ask(socket, 'x');
    } finally {
      socket.destroy();
    }
  };
  const own = (site: TestSite): Trust => trusting(readFileSync(join(site.dir, 'service-ca.crt'), 'utf8'));

  beforeAll(async () => {
    for (const root of [company, partners, strangers]) root.make();
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('tls');
    const [west, east] = [await scene.backboneSite(backbone, 'west'), await scene.backboneSite(backbone, 'east')];
    await scene.link(west, east);
    const network = await scene.network(backbone, 'tls');
    [seller, buyer] = [await scene.member(network, 'seller', east), await scene.member(network, 'buyer', west)];
    shop = await serving(company, 'shop.internal');
    for (const name of ['browsers', 'partners', 'passed']) ports[name] = await installation.ports.choose(name);
  });
  afterAll(async () => {
    for (const server of opened) server.close();
    await installation?.stop();
    for (const root of [company, partners, strangers]) root.remove();
  });

  it('1. passes through from client to server, who alone see each other', async () => {
    expect(await caravan('expose', 'raw', String(shop.port), '--dir', seller!.dir)).toContain('answers for raw');
    const consumed = await caravan('consume', 'raw', '--port', String(ports['passed']), '--dir', buyer!.dir);
    expect(consumed).toContain('leads to raw');
    const terms = { trust: trusting(company.text('root.pem')), serverName: 'shop.internal' };
    expect(
      await eventually('the server is reached', () => answerOf(ports['passed']!, terms).catch(() => undefined)),
    ).toBe('shop: x');
  });

  it('2. ends at a listener that the site proves itself, and begins again at a connector that judges its server', async () => {
    supply(seller!, 'company', { 'ca.crt': company.text('root.pem') });
    const server = [`127.0.0.1:${shop.port}`, '--tls-name', 'shop.internal', '--tls-trust', 'company'];
    expect(await caravan('expose', 'shop', ...server, '--dir', seller!.dir)).toContain('answers for shop');
    const port = ports['browsers']!;
    expect(await caravan('consume', 'shop', '--port', String(port), '--tls', '--dir', buyer!.dir)).toContain(
      'leads to shop',
    );
    expect(
      await eventually('the shop is reached', () => answerOf(port, { trust: own(buyer!) }).catch(() => undefined)),
    ).toBe('shop: x');
    await expect(answerOf(port, { trust: trusting(company.text('root.pem')) })).rejects.toThrow();
    const plain = await dial(port);
    await expect(ask(plain, 'GET / HTTP/1.1\r\n\r\n')).rejects.toThrow();
  });

  it('3. waits for what a user has yet to supply, says where, and lets partners in alone', async () => {
    const port = ports['partners']!;
    const asked = ['--port', String(port), '--tls-cert', 'web', '--tls-clients', 'partners'];
    expect(await caravan('consume', 'shop', ...asked, '--dir', buyer!.dir)).toMatch(/supplied\/web .*tls\.crt/);
    expect(await caravan('site', 'status', '--dir', buyer!.dir)).toMatch(/supplied\/web.*tls\.crt/s);
    const { chain, key } = company.server('shop.example');
    supply(buyer!, 'web', { 'tls.crt': chain, 'tls.key': key });
    supply(buyer!, 'partners', { 'ca.crt': partners.text('root.pem') });
    const terms = { trust: trusting(company.text('root.pem')), serverName: 'shop.example' };
    const partner = { ...terms, credential: partners.server('partner') };
    expect(await eventually('partners are let in', () => answerOf(port, partner).catch(() => undefined))).toBe(
      'shop: x',
    );
    await expect(answerOf(port, { ...terms, credential: strangers.server('partner') })).rejects.toThrow();
    await expect(answerOf(port, terms)).rejects.toThrow();
  });

  it('4. goes on while what is supplied is replaced: nobody is cut off, and the next client sees the new one', async () => {
    const port = ports['partners']!;
    const partner = { serverName: 'shop.example', credential: partners.server('partner') };
    const early = await dialTls(port, { ...partner, trust: trusting(company.text('root.pem')) });
    let failures = 0;
    let isOver = false;
    const asking = (async () => {
      for (const trusts = [company, strangers].map((root) => trusting(root.text('root.pem'))); !isOver;) {
        const answers = await Promise.allSettled(trusts.map((trust) => answerOf(port, { ...partner, trust })));
        if (answers.every(({ status }) => status === 'rejected')) failures++;
        await pause(20);
      }
    })();
    const { chain, key } = strangers.server('shop.example');
    supply(buyer!, 'web', { 'tls.crt': chain, 'tls.key': key });
    const terms = { ...partner, trust: trusting(strangers.text('root.pem')) };
    await eventually('the new one is shown', () => answerOf(port, terms).catch(() => undefined));
    isOver = true;
    await asking;
    expect(failures).toBe(0);
    expect(await ask(early, 'y')).toBe('shop: y');
    early.destroy();
  });

  it('5. gives nothing to a server that cannot prove itself, and tells the site’s operator why', async () => {
    const forged = await serving(strangers, 'shop.internal');
    const server = [`127.0.0.1:${forged.port}`, '--tls-name', 'shop.internal', '--tls-trust', 'company'];
    await caravan('expose', 'forged', ...server, '--dir', seller!.dir);
    const port = await installation.ports.choose('forged');
    await caravan('consume', 'forged', '--port', String(port), '--dir', buyer!.dir);
    await expect(dial(port).then((socket) => ask(socket, 'secret'))).rejects.toThrow();
    await eventually('it is told', async () => {
      await dial(port)
        .then((socket) => ask(socket, 'secret'))
        .catch(() => undefined);
      return /unable to verify|self-signed/.test(
        await caravan('site', 'connectors', '--dir', seller!.dir, '-o', 'json'),
      );
    });
    expect(forged.connections).toHaveLength(0);
  });

  it('6. is the same after the sites were stopped and started again, with the same authority', async () => {
    const before = own(buyer!).certificatePem;
    for (const site of [seller!, buyer!]) {
      await site.stop();
      await site.startAgain();
    }
    const port = ports['browsers']!;
    expect(
      await eventually('the shop is reached', () => answerOf(port, { trust: trusting(before) }).catch(() => undefined)),
    ).toBe('shop: x');
    // The key of that authority lies sealed, and what is beside it is for everybody.
    cpSync(join(buyer!.dir, 'state'), join(company.directory, 'copied'), { recursive: true });
    const copied = readFileSync(join(company.directory, 'copied', 'service-ca.sealed'), 'latin1');
    expect(copied).not.toContain('PRIVATE KEY');
  });
});
