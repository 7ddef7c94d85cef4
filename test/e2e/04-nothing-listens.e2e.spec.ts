import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeSiteListener, listCertificates, listMembers, openSiteListener } from '@caravan/api';
import type { ApiClient, Network } from '@caravan/api';
import { isOpen } from '@caravan/testing/data-plane';
import { Elsewhere, eventually, Scene, socketsOf, TestInstallation } from '@caravan/testing/installation';
import type { TestSite } from '@caravan/testing/installation';

/** A member site has no attack surface but what was expressly created, and no route to the management plane but the backbone. */
describe('what listens at a member site', () => {
  let installation: TestInstallation;
  let site: TestSite;
  let scene: Scene;
  let network: Network;

  beforeAll(async () => {
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const backbone = await scene.backbone('quiet');
    await scene.backboneSite(backbone, 'east');
    network = await scene.network(backbone, 'quiet');
    const file = await scene.invitationFile(await scene.invitation(network, { name: 'member' }));
    site = await scene.site('member', file);
    await site.connected();
  }, 180_000);
  afterAll(() => installation.stop(), 60_000);

  const listening = (): number[] =>
    socketsOf(site.processes())
      .filter(({ state }) => state === 'listening')
      .map(({ localPort }) => localPort)
      .sort((one, other) => one - other);
  const api = (): ApiClient => {
    const client = site.api();
    if (!client) throw new Error('the member site has no local API');
    return client;
  };

  it('1. before anything is exposed: its loopback API alone', async () => {
    const port = Number(new URL(await apiUrl()).port);
    expect(listening()).toEqual([port]);
  });

  it('2. each listener adds one port, and its deletion removes it', async () => {
    const before = listening();
    const ports = [
      await installation.ports.choose('first listener'),
      await installation.ports.choose('second listener'),
    ];
    const opened = [];
    for (const port of ports) {
      opened.push(await api().call(openSiteListener, { body: { address: 'inventory', port } }));
      await eventually(`port ${port} is open`, async () => await isOpen(port));
    }
    expect(listening()).toEqual([...before, ...ports].sort((one, other) => one - other));
    for (const [index, { id }] of opened.entries()) {
      await api().call(closeSiteListener, { params: { listenerId: id } });
      await eventually('its port is closed', async () => ((await isOpen(ports[index] ?? 0)) ? undefined : true));
    }
    expect(listening()).toEqual(before);
  });

  it('3. it has no connection to the management NATS server', () => {
    const remote = socketsOf(site.processes())
      .filter(({ state }) => state === 'established')
      .map(({ remotePort }) => remotePort);
    expect(remote.length).toBeGreaterThan(0); // its links, so that the next line means something
    expect(remote).not.toContain(installation.plane.natsPort);
  });

  it('4. it leaves by itself: then nothing listens, and nobody knows it any more', async () => {
    const port = await installation.ports.choose('last listener');
    await api().call(openSiteListener, { body: { address: 'inventory', port } });
    await eventually('it is open', async () => await isOpen(port));
    const { siteId } = await site.connected();
    const left = await new Elsewhere(installation).caravan('site', 'leave', '--dir', site.dir);
    expect(left).toMatchObject({ code: 0, out: expect.stringContaining('has left network/quiet') as string });
    await eventually('its supervisor has ended', () => site.supervisor.exit);
    expect(await isOpen(port)).toBe(false);
    const { items } = await scene.api.call(listMembers, { params: { networkId: network.id } });
    expect(items).toEqual([]);
    const { items: certificates } = await scene.api.call(listCertificates, { query: { holderId: siteId! } });
    expect(certificates.map(({ phase }) => phase)).toEqual(['removed']);
  });

  async function apiUrl(): Promise<string> {
    return (JSON.parse(await readFile(`${site.dir}/api.json`, 'utf8')) as { url: string }).url;
  }
});
