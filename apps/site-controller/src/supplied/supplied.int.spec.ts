import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Item, ListenerTls } from '@caravan/data-plane';
import { splitChain, verifyChain } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { OwnRoot } from '@caravan/testing/servers';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { NETWORK_ID, SITE_ID } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';

const listener = (tls: ListenerTls): Item => ({
  ...{ kind: 'listener', id: 'l', networkId: NETWORK_ID, address: 'web', host: '127.0.0.1', port: 8443, tls },
});

describe('TLS with the applications of a site', () => {
  const sites = useSites();
  let own: OwnRoot;
  let plane: FakeManagementPlane;
  beforeEach(async () => {
    plane = await sites.plane();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    own = new OwnRoot();
    own.make();
  });
  afterEach(() => own.remove());

  async function started(dir: string, tls: ListenerTls): Promise<TestSite> {
    plane.items = [sites.link('site'), listener(tls)];
    const site = await sites.start(dir, sites.invitation());
    await site.run;
    return site;
  }
  /** What the data plane would prove a listener with. */
  const shown = (site: TestSite, name: string) => {
    const chain = site.plane.latest?.certificates[`supplied.server.${name}`]?.chain;
    return chain === undefined ? undefined : splitChain(chain);
  };
  const troubles = (site: TestSite) =>
    site.controller.troubles.list().filter(({ code }) => code === 'supplied.unusable');

  it('is proven by an authority that the site makes, keeps, and gives to whoever is to trust it', async () => {
    const dir = sites.directory();
    const first = await started(dir, { certificateId: 'service-server' });
    const [leaf] = await eventually('it has a certificate', () => shown(first, 'service-server'));
    const file = join(dir, 'service-ca.crt');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const authority = readFileSync(file, 'utf8');
    expect(verifyChain(leaf!, [], [authority], new Date(), 'server').ok).toBe(true);
    await first.stop();
    const again = await sites.start(dir);
    const [other] = await eventually('it has a certificate', () => shown(again, 'service-server'));
    expect(other).not.toBe(leaf);
    expect(verifyChain(other!, [], [authority], new Date(), 'server').ok).toBe(true);
  });

  it('is proven by what is supplied, as soon as it is there, as it is replaced, and as long as it is', async () => {
    const dir = sites.directory();
    const site = await started(dir, { certificateId: 'web', clientTrustId: 'partners' });
    await eventually('it says what is missing', () => troubles(site).length === 2);
    expect(JSON.stringify(troubles(site))).toMatch(/supplied\/web has.*tls\.crt.*supplied\/partners has.*ca\.crt/s);
    expect(site.plane.latest?.listeners[0]?.tls?.certificateId).toBe('supplied.server.web');

    // As a Kubernetes Secret is mounted: links, of which one is replaced.
    const supplied = join(dir, 'supplied');
    const secret = (version: string, name: string) => {
      const at = join(supplied, 'web', `..${version}`);
      mkdirSync(at, { recursive: true });
      own.openssl(
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '9'],
        ...['-keyout', join(at, 'tls.key'), '-out', join(at, 'tls.crt'), '-subj', `/CN=${name}`],
      );
      rmSync(join(supplied, 'web', '..data'), { force: true });
      symlinkSync(`..${version}`, join(supplied, 'web', '..data'));
      return readFileSync(join(at, 'tls.crt'), 'utf8');
    };
    const one = secret('1', 'one');
    for (const file of ['tls.crt', 'tls.key']) symlinkSync(join('..data', file), join(supplied, 'web', file));
    mkdirSync(join(supplied, 'partners'));
    writeFileSync(join(supplied, 'partners', 'ca.crt'), own.text('root.pem'));
    await eventually('it is used', () => shown(site, 'web')?.[0] === splitChain(one)[0]);
    expect(site.plane.latest?.trusts['supplied.partners']).toHaveLength(1);
    await eventually('nothing is missing', () => troubles(site).length === 0);

    const two = secret('2', 'two');
    await eventually('it is replaced', () => shown(site, 'web')?.[0] === splitChain(two)[0]);
    writeFileSync(join(supplied, 'partners', 'ca.crt'), 'damaged');
    await eventually('it says what does not fit', () => troubles(site).length === 1);
    expect(site.plane.latest?.trusts).toEqual({});
    rmSync(join(supplied, 'web'), { recursive: true });
    await eventually('it is gone', () => shown(site, 'web') === undefined);
  });

  it('makes nothing for a site that speaks none', async () => {
    const dir = sites.directory();
    plane.items = [sites.link('site')];
    const site = await sites.start(dir, sites.invitation());
    await site.run;
    await eventually('it is itself', () => site.plane.latest?.siteId === SITE_ID);
    expect(() => statSync(join(dir, 'service-ca.crt'))).toThrow('ENOENT');
  });
});
