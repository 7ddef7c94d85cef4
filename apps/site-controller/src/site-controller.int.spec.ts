import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AccessPointItem, CertificateItem, ListenerItem, Observation } from '@caravan/data-plane';
import { describeCertificate, publicKeyFingerprint, readCsr } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import { CAPABILITY } from '@caravan/events';
import { eventually } from '@caravan/testing';
import { useManagement } from './control/management.fixture.js';
import { FakeManagementPlane, refusal } from './management-plane.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID, TestSites } from './site.fixture.js';
import type { TestSite } from './site.fixture.js';
import { INSTALLATION } from './testing.fixture.js';

const listener = (id: string, port: number): ListenerItem => ({
  kind: 'listener',
  id,
  networkId: NETWORK_ID,
  address: 'inventory',
  host: '127.0.0.1',
  port,
});

describe('a site at work', () => {
  const management = useManagement();
  const sites = new TestSites(management);
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = new FakeManagementPlane(management());
    await plane.start();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
  });
  afterEach(async () => {
    await sites.end();
    await plane.stop();
  });

  const member = async (...[pace]: Parameters<TestSites['start']>[2][]): Promise<{ dir: string; site: TestSite }> => {
    const dir = sites.directory();
    const site = await sites.start(dir, sites.invitation(), pace);
    await site.run;
    await eventually('it reports the last revision', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    return { dir, site };
  };
  const portsOf = (site: TestSite) => site.plane.latest?.listeners.map(({ port }) => port).join() ?? 'none';
  const observed = () => plane.reports.at(-1)?.observation as Observation | undefined;

  it('becomes what is desired when it is nudged, and reports it', async () => {
    const { site } = await member();
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    await eventually('the listener is reported', () => observed()?.items['listener/one']?.state === 'applied');
    expect(plane.reports.at(-1)).toMatchObject({
      appliedRevision: plane.revision,
      host: '127.0.0.1',
      capability: CAPABILITY,
    });
    await plane.desire(SITE_ID, [sites.link('site')]);
    await eventually('it listens nowhere', () => portsOf(site) === '');
  });

  it('asks for what it knows, and by itself when a nudge was lost', async () => {
    const { site } = await member({ pace: { syncMs: 50 } });
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8081)], { silently: true });
    await eventually('it listens on 8081', () => portsOf(site) === '8081');
    expect(plane.syncs.slice(0, 2)).toEqual([0, 7]);
  });

  it('asks for everything once, when the management plane has learned what no event says', async () => {
    const { site } = await member({ pace: { syncMs: 50 } });
    await eventually('it asks for the last revision', () => plane.syncs.at(-1) === plane.revision);
    // The same position, compiled by a newer version.
    plane.items = [sites.link('site'), listener('one', 8082)];
    plane.capability = 2;
    await eventually('it listens on 8082', () => portsOf(site) === '8082');
    await eventually('it asks for no more', () =>
      plane.syncs.slice(-3).every((revision) => revision === plane.revision),
    );
    expect(plane.syncs.filter((revision) => revision === 0)).toHaveLength(2); // its first sync, and this
  });

  it('gives its relay everything again when that comes back from a kill', async () => {
    const { site } = await member();
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    site.plane.restart();
    expect(site.plane.latest).toBeUndefined();
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
  });

  it('tries again when its relay does not take a configuration, and says so', async () => {
    const { site } = await member();
    site.plane.away = true;
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('trouble: no relay answers', () =>
      site.controller.troubles.list().some(({ detail }) => detail === 'no relay answers'),
    );
    expect(site.controller.applying.appliedRevision).toBe(plane.revision - 1);
    site.plane.away = false;
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    await eventually('it reports the last revision', () => plane.reports.at(-1)?.appliedRevision === plane.revision);
    expect(site.controller.troubles.list()).toEqual([]);
  });

  it('goes on without the management plane, restarts without it, and reports when it is back', async () => {
    const { dir, site } = await member();
    await plane.desire(SITE_ID, [sites.link('site'), listener('one', 8080)]);
    await eventually('it listens on 8080', () => portsOf(site) === '8080');
    await management().nats.kill();
    await eventually('it is alone', () => !site.controller.control.connected);
    expect(portsOf(site)).toBe('8080');
    await site.stop();
    const again = await sites.start(dir);
    await again.run;
    await eventually('it listens on 8080', () => portsOf(again) === '8080');
    expect(again.plane.configurations[0]).toEqual(again.plane.latest);
    expect(again.controller.control.connected).toBe(false);
    plane.reports.length = 0;
    await management().nats.restart();
    await plane.start();
    await eventually('a report', () => plane.reports.length > 0);
    await plane.desire(SITE_ID, [sites.link('site')]);
    await eventually('it listens nowhere', () => portsOf(again) === '');
  });

  it('says that it was removed when nothing is asked of it any more, also after a restart', async () => {
    const { dir, site } = await member();
    await plane.desire(SITE_ID, []);
    const codes = ({ controller }: TestSite) => controller.troubles.list().map(({ code }) => code);
    await eventually('site.removed', () => codes(site).includes('site.removed'));
    await eventually('it has no links', () => site.plane.latest?.links.length === 0);
    await site.stop();
    expect(codes(await sites.start(dir))).toContain('site.removed');
  });

  it('sends a heartbeat when nothing changes', async () => {
    await member({ pace: { heartbeatMs: 40 } });
    const before = plane.reports.length;
    await eventually('three reports', () => plane.reports.length >= before + 3);
  });

  it('gathers changes into one report', async () => {
    const { site } = await member({ pace: { gatherMs: 150 } });
    await pause(200);
    const before = plane.reports.length;
    for (let i = 0; i < 20; i++) site.controller.applying.again();
    await eventually('a report', () => plane.reports.length > before);
    expect(plane.reports.length - before).toBeLessThanOrEqual(2);
  });
});

describe('the certificates and ports of a backbone site', () => {
  const management = useManagement();
  const sites = new TestSites(management);
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = new FakeManagementPlane(management());
    await plane.start();
  });
  afterEach(async () => {
    await sites.end();
    await plane.stop();
  });

  const peer: AccessPointItem = {
    kind: 'access-point',
    id: 'p',
    access: 'peer',
    bindHost: '127.0.0.1',
    bindPort: 0,
    certificateId: 'ap-p',
  };
  const certificate = (ordinal: number): CertificateItem => ({
    kind: 'certificate',
    id: 'ap-p',
    purpose: 'access-point',
    ordinal,
    hosts: ['127.0.0.1'],
  });
  const identity: Identity = {
    kind: 'access-point',
    installation: INSTALLATION,
    backboneId: BACKBONE_ID,
    accessPointId: 'p',
  };
  const issue = (_: string, csr: string) => ({
    status: 'issued' as const,
    certificateId: NETWORK_ID,
    chain: management().authorities.sign('accessPoint', csr, identity, ['127.0.0.1']),
  });
  const enrolled = async (ordinal = 1, dir = sites.directory()): Promise<TestSite> => {
    const items = [sites.link('site', 'peer'), peer];
    plane.join = plane.admitBackboneSite(BACKBONE_ID, SITE_ID, items);
    plane.items = [...items, certificate(ordinal)];
    const site = await sites.start(dir, sites.bundle([sites.link('bootstrap', 'peer')]));
    await site.run;
    return site;
  };
  const keyAt = (site: TestSite): string | undefined => {
    const chain = site.plane.latest?.certificates['ap-p']?.chain;
    return chain && describeCertificate(chain.slice(0, chain.indexOf('-----END') + 26)).publicKeyFingerprint;
  };
  const keyAsked = (index: number) =>
    publicKeyFingerprint(readCsr(plane.certificatesAsked[index]?.csr ?? '').publicKey);
  const stateOf = () => (plane.reports.at(-1)?.observation as Observation | undefined)?.items['certificate/ap-p'];

  it('are asked for with a key made here, and given to the relay', async () => {
    plane.certificate = issue;
    const site = await enrolled();
    await eventually('the relay has its key', () => keyAt(site));
    expect(plane.certificatesAsked).toMatchObject([{ itemId: 'ap-p', ordinal: 1 }]);
    expect(keyAt(site)).toBe(keyAsked(0));
    await eventually('its certificate is applied', () => stateOf()?.state === 'applied');
    await eventually(
      'it forgets its bootstrap',
      () => site.controller.state.certificates.get('bootstrap') === undefined,
    );
  });

  it('stay: who asked for any port keeps the one it got, over restarts and without the management plane', async () => {
    plane.certificate = issue;
    const dir = sites.directory();
    const site = await enrolled(1, dir);
    const asked = ({ plane: { latest } }: TestSite) => latest?.accessPoints[0]?.bindPort;
    await eventually('it has a port', () => asked(site) === site.plane.anyPort);
    site.plane.restart();
    await eventually('it has a port', () => asked(site) === site.plane.anyPort);
    await management().nats.kill();
    await site.stop();
    const again = await sites.start(dir);
    again.plane.anyPort = 50_000;
    await again.run;
    await eventually('it has a port', () => asked(again));
    await management().nats.restart();
    expect(asked(again)).toBe(site.plane.anyPort);
  });

  it('are replaced when their ordinal grows: the old one serves until the new one is there', async () => {
    plane.certificate = issue;
    const site = await enrolled();
    await eventually('the relay has its key', () => keyAt(site));
    plane.certificate = () => ({ status: 'pending', retryAfterMs: 10 });
    await plane.desire(SITE_ID, [sites.link('site', 'peer'), peer, certificate(2)]);
    await eventually('more than 2 asked for', () => plane.certificatesAsked.length > 2);
    expect(keyAt(site)).toBe(keyAsked(0));
    await eventually('its certificate is waiting', () => stateOf()?.state === 'waiting');
    plane.certificate = issue;
    await eventually('the relay has the new key', () => keyAt(site) === keyAsked(1));
    expect(keyAsked(1)).not.toBe(keyAsked(0));
    const second = plane.certificatesAsked.filter(({ ordinal }) => ordinal === 2);
    expect(new Set(second.map(({ csr }) => csr)).size).toBe(1);
  });

  it('are not asked for again after a refusal for ever, until another ordinal is wanted', async () => {
    plane.certificate = () => refusal('certificate.unknown-item', 'never');
    const site = await enrolled();
    await eventually('its certificate is refused', () => stateOf()?.state === 'refused');
    expect(stateOf()?.detail).toContain('certificate.unknown-item');
    site.plane.restart();
    await pause(150);
    expect(plane.certificatesAsked).toHaveLength(1);
    plane.certificate = issue;
    await plane.desire(SITE_ID, [sites.link('site', 'peer'), peer, certificate(2)]);
    await eventually('the relay has its key', () => keyAt(site));
  });

  it('are not installed when they are for another key; it says so and asks again', async () => {
    plane.certificate = () => ({
      status: 'issued',
      certificateId: NETWORK_ID,
      chain: management().authorities.make('accessPoint', identity, ['127.0.0.1']).chain,
    });
    const site = await enrolled();
    await eventually('its certificate is failed', () => stateOf()?.state === 'failed');
    expect(stateOf()?.detail).toContain('another key');
    expect(keyAt(site)).toBeUndefined();
    plane.certificate = issue;
    await eventually('the relay has its key', () => keyAt(site));
  });

  it('of the site itself: it comes back to the management plane with the new one', async () => {
    plane.certificate = (_, csr) => ({
      status: 'issued',
      certificateId: NETWORK_ID,
      chain: management().authorities.sign('backboneSite', csr, {
        kind: 'backbone-site',
        installation: INSTALLATION,
        backboneId: BACKBONE_ID,
        siteId: SITE_ID,
      }),
    });
    const site = await enrolled();
    let reconnected = 0;
    site.controller.control.onChange((connected) => (reconnected += connected ? 1 : 0));
    const own: CertificateItem = { kind: 'certificate', id: 'site', purpose: 'site', ordinal: 2, hosts: [] };
    await plane.desire(SITE_ID, [sites.link('site', 'peer'), own]);
    await eventually(
      'it has the second certificate',
      () => site.controller.state.certificates.get('site')?.held?.ordinal === 2,
    );
    await eventually('it is connected again', () => reconnected > 0 && site.controller.control.connected);
  });
});
