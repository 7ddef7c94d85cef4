import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { useManagement } from '../control/management.fixture.js';
import { FakeManagementPlane, refusal } from '../management-plane.fixture.js';
import { NETWORK_ID, SITE_ID, TestSites } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';
import { INSTALLATION } from '../testing.fixture.js';

/** Of a certificate that was over long ago. */
const past = () => ({ now: new Date(Date.now() - 3_600_000), lifetimeMs: 60_000 });
const MEMBER = { kind: 'member', installation: INSTALLATION, networkId: NETWORK_ID, memberId: SITE_ID } as const;
const [SECOND, THIRD] = ['2', '3'].map((digit) => `0198c0de-0000-7000-8000-00000000eee${digit}`) as [string, string];

describe('a member that comes back late', () => {
  const management = useManagement();
  const sites = new TestSites(management);
  let plane: FakeManagementPlane;
  let admit: FakeManagementPlane['join'];
  beforeEach(async () => {
    plane = new FakeManagementPlane(management());
    await plane.start();
    admit = plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
  });
  afterEach(async () => {
    await sites.end();
    await plane.stop();
  });
  const joining = ({ controller }: TestSite) => controller.state.journal.joining;
  const tells = (site: TestSite, wanted: string) =>
    eventually(wanted, () => site.controller.troubles.list().some(({ code }) => code === wanted));

  it('does not take a certificate for its own that is over already, and asks on', async () => {
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')], past());
    const site = await sites.start(sites.directory(), sites.invitation());
    await tells(site, 'certificate.unusable');
    expect(joining(site)?.status).toBe('key-made');
    plane.join = admit;
    await site.run;
    expect(joining(site)?.status).toBe('joined');
    expect(new Set(plane.asked.map(({ csr }) => csr)).size).toBe(1);
  });

  /** Killed before it could install what it was given, and away until that was over. */
  async function lateAdmission(dir: string): Promise<void> {
    const { journal, certificates } = await sites.prepare(dir, sites.invitation());
    const { csr } = await certificates.request('site', 1);
    const chain = management().authorities.sign('member', csr, MEMBER, undefined, past());
    const admission = { siteId: SITE_ID, name: 'hq', chain, items: [sites.link('site')] };
    await journal.write({ ...journal.joining!, status: 'admitted', admission } as never);
  }

  it.each([
    ['by itself', () => undefined],
    ['with its invitation downloaded again', () => sites.invitation()],
  ])('asks again for what was over before it was installed: %s', async (_, file) => {
    const dir = sites.directory();
    await lateAdmission(dir);
    const site = await sites.start(dir, file());
    await site.run;
    expect(joining(site)?.status).toBe('joined');
    expect(plane.asked).toHaveLength(1);
  });

  it('may be given another invitation while it has not come back, and is started with any of them from then on', async () => {
    const dir = sites.directory();
    const first = await sites.start(dir, sites.invitation());
    await first.run;
    await first.stop();
    const { certificates } = first.controller.state;
    const { chain, key } = management().authorities.make('member', MEMBER, undefined, past());
    const { ordinal } = certificates.get('site')!.held!;
    await certificates.put('site', { ordinal, chain, key: new Secret(key) });

    plane.join = () => refusal('network.not-started', 'later');
    const second = await sites.start(dir, sites.invitation({ id: SECOND }));
    await tells(second, 'network.not-started');
    await second.stop();
    plane.join = admit;
    const third = await sites.start(dir, sites.invitation({ id: THIRD }));
    await third.run;
    expect(joining(third)).toMatchObject({ status: 'joined', site: { siteId: SITE_ID, cameBackBy: THIRD } });
    await third.stop();
    for (const file of [sites.invitation(), sites.invitation({ id: THIRD }), undefined]) {
      const again = await sites.start(dir, file);
      await again.run;
      expect(joining(again)).toMatchObject({ status: 'joined', site: { siteId: SITE_ID } });
      await again.stop();
    }
    await expect(sites.start(dir, sites.invitation({ id: SECOND }))).rejects.toThrow('belongs to another site');
  });
});
