import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AccessKind, AdmissionItem, CertificateItem, Observation } from '@caravan/data-plane';
import { describeCertificate, publicKeyFingerprint, readCsr } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { certificate, issuing, peer, peerIdentity } from './backbone-site.fixture.js';
import { refusal } from './management-plane.fixture.js';
import type { FakeManagementPlane } from './management-plane.fixture.js';
import { useSites } from './played.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID } from './site.fixture.js';
import type { TestSite } from './site.fixture.js';
import { INSTALLATION } from './testing.fixture.js';

describe('the certificates, ports and doors of a backbone site', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = await sites.plane();
  });

  const issue = issuing(sites.management);
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

  it('has doors that members find shut after a start, until the management plane has said who was revoked', async () => {
    plane.certificate = issue;
    const dir = sites.directory();
    const site = await enrolled(1, dir);
    const admission = (access: AccessKind): AdmissionItem => ({
      kind: 'admission',
      id: access,
      access,
      serverName: `${access}.caravan.internal`,
      trust: [sites.management().authorities.pem('memberCa')],
      identity: `spiffe://${INSTALLATION}/*`,
      denied: [],
      reach: { kind: 'control' },
    });
    await plane.desire(SITE_ID, [...plane.items, admission('member'), admission('peer')]);
    const open = ({ plane: { latest } }: TestSite) => latest?.admissions.map(({ access }) => access).join();
    await eventually('both are open', () => open(site) === 'member,peer');
    await sites.management().nats.kill();
    await site.stop();
    const again = await sites.start(dir);
    await again.run;
    // It dials a link by which it may hear: for some seconds even peers wait.
    await eventually('peers come in', () => open(again) === 'peer', { withinMs: 8_000 });
    expect(again.controller.troubles.list().map(({ code }) => code)).toContain('doors.shut');
    await again.stop();
    const heedless = await sites.start(dir, undefined, { doors: { openAfterMs: 100 } });
    await eventually('both are open', () => open(heedless) === 'member,peer');
    await heedless.stop();
    const last = await sites.start(dir);
    await eventually('it has a configuration', () => open(last) !== undefined);
    expect(open(last)).not.toContain('member');
    await sites.management().nats.restart();
    await plane.start();
    await eventually('both are open', () => open(last) === 'member,peer');
    expect(last.controller.troubles.list().map(({ code }) => code)).not.toContain('doors.shut');
  });

  it('stay: who asked for any port keeps the one it got, over restarts and without the management plane', async () => {
    plane.certificate = issue;
    const dir = sites.directory();
    const site = await enrolled(1, dir);
    const asked = ({ plane: { latest } }: TestSite) => latest?.accessPoints[0]?.bindPort;
    await eventually('it has a port', () => asked(site) === site.plane.anyPort);
    site.plane.restart();
    await eventually('it has a port', () => asked(site) === site.plane.anyPort);
    await sites.management().nats.kill();
    await site.stop();
    const again = await sites.start(dir);
    again.plane.anyPort = 50_000;
    await again.run;
    await eventually('it has a port', () => asked(again));
    await sites.management().nats.restart();
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
      chain: sites.management().authorities.make('accessPoint', peerIdentity, ['127.0.0.1']).chain,
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
      chain: sites.management().authorities.sign('backboneSite', csr, {
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
    const ordinal = () => site.controller.state.certificates.get('site')?.held?.ordinal;
    await eventually('it has the second certificate', () => ordinal() === 2);
    await eventually('it is connected again', () => reconnected > 0 && site.controller.control.connected);
  });
});
