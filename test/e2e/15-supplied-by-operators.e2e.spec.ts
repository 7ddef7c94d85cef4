import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  createLink,
  getBackboneSite,
  getMember,
  listCertificates,
  listSiteLinks,
  openSiteListener,
  rotateBackbone,
} from '@caravan/api';
import type { Backbone, Network } from '@caravan/api';
import { serverNameOf, suppliedNameOf } from '@caravan/data-plane';
import type { TestServer } from '@caravan/testing/data-plane';
import {
  askOnce,
  eventually,
  Onlookers,
  Rotations,
  Scene,
  serveEcho,
  startDistantPair,
  supply,
  TestInstallation,
} from '@caravan/testing/installation';
import type { BackboneSiteOnStage, TestSite } from '@caravan/testing/installation';
import { OwnRoot } from '@caravan/testing/servers';

/** Longer than all waits of a step together: each has an end of its own, and says what did not come. */
vi.setConfig({ testTimeout: 240_000 });
const HOST = '127.0.0.1';

/**
 * ```
 * buyer ── west ── east ── seller          north: its operator supplies what proves it before it is one
 * ```
 */
describe('access points whose operators supply their certificates', () => {
  const [company, successor] = [new OwnRoot(), new OwnRoot()];
  let installation: TestInstallation;
  let scene: Scene;
  let server: TestServer;
  let backbone: Backbone;
  let network: Network;
  let [west, east, north]: BackboneSiteOnStage[] = [];
  let buyer: TestSite;
  let onlookers: Onlookers;
  let buyerPort: number;

  beforeAll(async () => {
    company.make();
    successor.make();
    server = await serveEcho();
    installation = await TestInstallation.start();
    scene = new Scene(installation);
    const pair = await startDistantPair(scene, 'apples', server);
    ({ backbone, network, west, east, buyer } = pair);
    buyerPort = pair.port;
    onlookers = await Onlookers.at(buyerPort);
  });
  afterAll(async () => {
    onlookers?.stop();
    server?.close();
    await installation?.stop();
    for (const root of [company, successor]) root.remove();
  });

  const supplyTo = (name: string, by: OwnRoot, host = HOST) => {
    const { chain, key } = by.server(host);
    const files = { 'tls.crt': chain, 'tls.key': key, 'ca.crt': by.text('root.pem') };
    supply(join(installation.state.sites, name), 'site-server', files);
  };
  const proofOf = async ({ resource: { backboneId, id: siteId } }: BackboneSiteOnStage) =>
    (await scene.api.call(getBackboneSite, { params: { backboneId, siteId } })).proof;
  /** For how many of its access points a certificate was issued. */
  const issuedTo = async ({ accessPoints }: BackboneSiteOnStage): Promise<number> => {
    const { items } = await scene.api.call(listCertificates, { query: { holderKind: 'access-point', limit: 200 } });
    const ids = Object.values(accessPoints).map(({ id }) => id);
    return items.filter(({ holderId }) => ids.includes(holderId)).length;
  };
  /** Who is shown to have signed what proves a site to its members: to those who know of what is supplied, or not; nobody while there is nothing to show. */
  const signerAt = ({ accessPoints: { member } }: BackboneSiteOnStage, knows: boolean): Promise<string> => {
    const name = serverNameOf('member', network.id);
    const servername = knows ? suppliedNameOf(name) : name;
    return new Promise((resolve) => {
      const socket = connect({
        host: HOST,
        port: member.port!,
        servername,
        ALPNProtocols: ['h2'],
        rejectUnauthorized: false,
      });
      socket.once('secureConnect', () => {
        const { CN } = socket.getPeerCertificate().issuer;
        socket.destroy();
        resolve(String(CN));
      });
      socket.once('error', () => resolve(''));
    });
  };
  const nobodyNoticed = async (): Promise<void> => expect(await onlookers.noticed()).toEqual([]);

  it('1. before it is a site: nothing is issued to its access points, and everybody links to it', async () => {
    supplyTo('north', company);
    north = await scene.backboneSite(backbone, 'north');
    const proof = await eventually('what proves it is known', async () => (await proofOf(north!)) ?? undefined);
    expect(proof).toMatchObject({ subject: `CN=${HOST}`, trust: ['CN=Acme Root'] });
    const { id: accessPointId } = north.accessPoints.peer;
    const body = { siteId: west!.resource.id, accessPointId, cost: 1 };
    await scene.api.call(createLink, { params: { backboneId: backbone.id }, body });
    const late = await scene.member(network, 'late', north);
    const port = await installation.ports.choose('late goods');
    await late.api()!.call(openSiteListener, { body: { address: 'goods', port } });
    await eventually('the server is reached over north', () => askOnce(port).then(() => true, () => undefined)); // prettier-ignore
    expect(await issuedTo(north)).toBe(0);
    expect(await signerAt(north, false)).toBe('Acme Root');
    await nobodyNoticed();
  });

  it('2. while it carries: those who know are shown it, others what was issued, and nobody notices', async () => {
    const before = await issuedTo(east!);
    expect(before).toBeGreaterThan(0);
    supplyTo('east', company);
    await eventually('it is known', async () => (await proofOf(east!)) !== null);
    expect([await signerAt(east!, true), await signerAt(east!, false)]).toEqual([
      'Acme Root',
      expect.stringMatching(/infrastructure/i),
    ]);
    await nobodyNoticed();
    // Who links now judges it by that.
    await scene.member(network, 'newcomer', east!);
  });

  it('3. a rotation of the backbone does not wait for it, and issues nothing in its place', async () => {
    const begun = await scene.api.call(rotateBackbone, {
      params: { backboneId: backbone.id },
      body: {},
    });
    const [before, done] = [await issuedTo(east!), await new Rotations(scene).finished(begun, 120_000)];
    expect(done.without).toBe(0);
    expect([await issuedTo(east!), await issuedTo(north!)]).toEqual([before, 0]);
    // What was issued before is of a retired authority, and shown to nobody any more.
    expect(await signerAt(east!, false)).toBe('Acme Root');
    await nobodyNoticed();
  });

  it('4. replaced by another authority’s, damaged, or for another host: links stay, and it says what does not fit', async () => {
    supplyTo('east', successor);
    const first = (await proofOf(east!))?.fingerprint;
    await eventually('the other is known', async () => (await proofOf(east!))?.fingerprint !== first);
    await nobodyNoticed();
    supplyTo('east', successor, 'elsewhere.example');
    await eventually('there is none any more', async () => (await proofOf(east!)) === null);
    const { troubles } = await east!.site.until('says why', (state) => state.troubles.length > 0);
    expect(troubles).toMatchObject([
      { code: 'supplied.unusable', detail: expect.stringContaining('is not for 127.0.0.1') },
    ]);
    await eventually('what is issued proves it', async () => /infrastructure/i.test(await signerAt(east!, true)));
    supply(east!.site.dir, 'site-server', { 'tls.crt': 'damaged', 'ca.crt': company.text('root.pem') });
    await east!.site.until('says what is missing', (state) =>
      /tls\.key is missing/.test(JSON.stringify(state.troubles)),
    );
    await (await scene.member(network, 'meanwhile', east!)).stop();
    await nobodyNoticed();
  });

  it('5. it is the same after everybody was stopped and started again, in any order', async () => {
    supplyTo('east', company);
    await eventually('it is known', async () => (await proofOf(east!)) !== null);
    onlookers.stop();
    for (const site of [north!.site, buyer, east!.site]) await site.stop();
    for (const site of [buyer, east!.site, north!.site]) await site.startAgain();
    for (const site of [buyer, east!.site, north!.site]) await site.connected();
    await eventually('it is shown again', async () => (await signerAt(east!, true)) === 'Acme Root');
    expect(await issuedTo(north!)).toBe(0);
  });

  it('6. taken away: what is issued proves its access points again', async () => {
    rmSync(join(north!.site.dir, 'supplied'), { recursive: true });
    await eventually('there is none any more', async () => (await proofOf(north!)) === null);
    await eventually('all have theirs', async () => (await issuedTo(north!)) === 4);
    await eventually('it is shown', async () => /infrastructure/i.test(await signerAt(north!, false)));
    await (await scene.member(network, 'last', north!)).stop();
  });

  it('7. an authority that is supplied signs what proves them, once; what is supplied itself goes before it', async () => {
    const files = { 'tls.crt': company.text('root.pem'), 'tls.key': company.text('root.key') };
    supply(north!.site.dir, 'site-ca', files);
    const proof = await eventually('what it signed is known', async () => (await proofOf(north!)) ?? undefined);
    expect(proof).toMatchObject({ subject: 'CN=access points of north', trust: ['CN=Acme Root'] });
    await (await scene.member(network, 'signed', north!)).stop();
    await north!.site.stop();
    await north!.site.startAgain();
    await north!.site.connected();
    await eventually('it is shown again', async () => (await signerAt(north!, true)) === 'Acme Root');
    expect(await proofOf(north!)).toEqual(proof);
    supplyTo('north', successor);
    await eventually('the other is known', async () => (await proofOf(north!))?.subject === `CN=${HOST}`);
  });

  it('8. a link with a certificate of the operator’s own: known as the same site, replaced and taken away; nobody notices', async () => {
    onlookers = await Onlookers.at(buyerPort);
    const memberId = (await buyer.connected()).siteId ?? '';
    const { items: links } = await buyer.api()!.call(listSiteLinks, {});
    const { id: linkId } = links.find(({ direction }) => direction === 'dialled')!;
    const supplyLink = (by: OwnRoot): void => {
      const { chain, key } = by.server('till.example', { extensions: ['extendedKeyUsage=clientAuth'] });
      supply(buyer.dir, `link-${linkId}`, { 'tls.crt': chain, 'tls.key': key });
    };
    /** What the buyer showed at west last, as which it is known there. What it showed before goes on while it carries something. */
    const shownLast = async (): Promise<{ issuer: string; serial: string }> => {
      const { items } = await west!.site.api()!.call(listSiteLinks, {});
      const ofBuyer = items.filter(({ peerIdentity }) => peerIdentity?.endsWith(memberId));
      return ofBuyer.sort((one, other) => (one.since < other.since ? 1 : -1))[0]!.peerChain[0]!;
    };
    const shown = () => scene.api.call(getMember, { params: { networkId: network.id, memberId } });
    supplyLink(company);
    await eventually('it is shown', async () => (await shownLast()).issuer === 'CN=Acme Root');
    const [{ serial }, [known]] = [await shownLast(), (await shown()).linkCertificates];
    expect(known).toMatchObject({ linkId, subject: 'CN=till.example' });
    await nobodyNoticed();

    supplyLink(successor);
    await eventually('the other is shown', async () => {
      const last = await shownLast();
      return last.issuer === 'CN=Acme Root' && last.serial !== serial;
    });
    expect((await shown()).linkCertificates[0]?.fingerprint).not.toBe(known!.fingerprint);
    await nobodyNoticed();

    rmSync(join(buyer.dir, 'supplied'), { recursive: true });
    await eventually('its own is shown', async () => /^CN=Caravan member /.test((await shownLast()).issuer));
    await eventually('there is none any more', async () => (await shown()).linkCertificates.length === 0);
    await nobodyNoticed();
  });
});
