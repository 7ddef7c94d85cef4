import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { peerIdentity, playBackboneSite } from '../backbone-site.fixture.js';
import { refusal } from '../management-plane.fixture.js';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID } from '../site.fixture.js';
import type { TestSite } from '../site.fixture.js';
import { INSTALLATION } from '../testing.fixture.js';

/** Of a certificate that was over long ago. */
const past = () => ({ now: new Date(Date.now() - 3_600_000), lifetimeMs: 60_000 });
const MEMBER = { kind: 'member', installation: INSTALLATION, networkId: NETWORK_ID, memberId: SITE_ID } as const;
const [SECOND, THIRD] = ['2', '3'].map((digit) => `0198c0de-0000-7000-8000-00000000eee${digit}`) as [string, string];

describe('a member that comes back late', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  let admit: FakeManagementPlane['join'];
  beforeEach(async () => {
    plane = await sites.plane();
    admit = plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
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
    const chain = sites.management().authorities.sign('member', csr, MEMBER, undefined, past());
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
    const { chain, key } = sites.management().authorities.make('member', MEMBER, undefined, past());
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

describe('a backbone site that comes back late', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  let bundle: ReturnType<typeof playBackboneSite>;
  beforeEach(async () => {
    plane = await sites.plane();
    bundle = playBackboneSite(plane, sites);
  });

  it('is who it was, by its bundle made again and the key that it had; what proved its access points is asked for anew', async () => {
    const dir = sites.directory();
    const first = await sites.start(dir, bundle());
    await first.run;
    const { certificates } = first.controller.state;
    await eventually('its access point has a certificate', () => certificates.get('ap-p')?.held);
    await first.stop();
    const identity = {
      kind: 'backbone-site',
      installation: INSTALLATION,
      backboneId: BACKBONE_ID,
      siteId: SITE_ID,
    } as const;
    const made = sites.management().authorities.make('backboneSite', identity, undefined, past());
    const access = sites.management().authorities.make('accessPoint', peerIdentity, ['127.0.0.1'], past());
    for (const [id, { chain, key }] of [
      ['site', made],
      ['ap-p', access],
    ] as const)
      // prettier-ignore
      await certificates.put(id, { ordinal: 1, chain, key: new Secret(key) });

    const second = await sites.start(dir, bundle());
    await second.run;
    expect(second.controller.state.journal.joining).toMatchObject({ status: 'joined', site: { siteId: SITE_ID } });
    expect(plane.asked.map(({ recovery }) => recovery)).toMatchObject([undefined, { certificate: made.chain[0] }]);
    const ordinals = () => ['site', 'ap-p'].map((id) => second.controller.state.certificates.get(id)?.held?.ordinal);
    await eventually('both are there', () => ordinals().join() === '2,1');
    expect(plane.certificatesAsked).toHaveLength(2);
    await second.stop();
    // The bundle stays good for a start.
    const third = await sites.start(dir, bundle());
    await third.run;
    expect(plane.asked).toHaveLength(2);
  });

  it('does not take a bundle for coming back while its certificate is good', async () => {
    const dir = sites.directory();
    const first = await sites.start(dir, bundle());
    await first.run;
    await first.stop();
    const second = await sites.start(dir, bundle());
    await second.run;
    expect(plane.asked).toHaveLength(1);
  });
});
