import { beforeEach, describe, expect, it } from 'vitest';
import { itemsOfFile } from '@caravan/api';
import type { SiteFile } from '@caravan/api';
import { describeCertificate, Secret } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import { eventually } from '@caravan/testing';
import { peerIdentity, playBackboneSite } from '../backbone-site.fixture.js';
import { desiredFrom } from '../desired-state/index.js';
import { refusal } from '../management-plane.fixture.js';
import type { FakeManagementPlane } from '../management-plane.fixture.js';
import { useSites } from '../played.fixture.js';
import { BACKBONE_ID, NETWORK_ID, SITE_ID } from '../site.fixture.js';
import { INSTALLATION, testAuthorities } from '../testing.fixture.js';

const MEMBER = { kind: 'member', installation: INSTALLATION, networkId: NETWORK_ID, memberId: SITE_ID } as const;
const PROFILES = { member: 'member', 'backbone-site': 'backboneSite', 'access-point': 'accessPoint' } as const;
const [SECOND, THIRD] = ['2', '3'].map((digit) => `0198c0de-0000-7000-8000-00000000eee${digit}`) as [string, string];
/** A log position behind all that the management plane has told. */
const LATER = 1_000;
const strangers = testAuthorities();

describe('a site that a rotation went on without', () => {
  const sites = useSites();
  let plane: FakeManagementPlane;
  beforeEach(async () => void (plane = await sites.plane()));

  /** It joined, heard what it shall be, and holds what other authorities signed; as old as all the rest is. */
  async function leftBehind(file: () => SiteFile, identity: Identity, others?: Record<string, Identity>) {
    const dir = sites.directory();
    const first = await sites.start(dir, file());
    await first.run;
    await eventually('it has heard', () => first.controller.state.desired.state.revision === plane.revision);
    await first.stop();
    const gone = testAuthorities();
    const { certificates } = first.controller.state;
    for (const [id, of] of Object.entries({ site: identity, ...others })) {
      const hosts = id === 'site' ? undefined : ['127.0.0.1'];
      const { chain, key } = gone.make(PROFILES[of.kind as keyof typeof PROFILES], of, hosts);
      await certificates.put(id, { ordinal: 1, chain, key: new Secret(key) });
    }
    return dir;
  }

  it('comes back by a file of today: a member as the one that it was', async () => {
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    plane.items = [sites.link('site')];
    const dir = await leftBehind(() => sites.invitation(), MEMBER);
    const second = await sites.start(dir, sites.invitation({ id: SECOND, position: LATER }));
    await second.run;
    const joined = { status: 'joined', site: { siteId: SITE_ID, cameBackBy: SECOND } };
    expect(second.controller.state.journal.joining).toMatchObject(joined);
    expect(second.controller.state.certificates.get('site')?.held?.ordinal).toBe(2);
    await second.stop();
    const again = await sites.start(dir, sites.invitation()); // by its first file: that is of before
    await again.run;
    expect(plane.asked.map(({ recovery }) => recovery !== undefined)).toEqual([false, true]);
  });

  it('comes back by a file of today: a backbone site, whose access points are proven anew', async () => {
    const bundle = playBackboneSite(plane, sites);
    const own = {
      kind: 'backbone-site',
      installation: INSTALLATION,
      backboneId: BACKBONE_ID,
      siteId: SITE_ID,
    } as const;
    const dir = await leftBehind(bundle, own, { 'ap-p': peerIdentity });
    const second = await sites.start(dir, bundle(LATER));
    await second.run;
    const { certificates } = second.controller.state;
    const ordinals = () => ['site', 'ap-p'].map((id) => certificates.get(id)?.held?.ordinal);
    await eventually('both are there', () => ordinals().join() === '2,1');
    expect(plane.asked.map(({ recovery }) => recovery !== undefined)).toEqual([false, true]);
  });

  it('is not one that has taken part in it, and is started with the file of before', async () => {
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    const file = sites.invitation();
    const dir = await leftBehind(() => file, MEMBER);
    const second = await sites.start(dir, file);
    await second.run;
    expect(second.controller.state.certificates.get('site')?.held?.ordinal).toBe(1);
    expect(plane.asked).toHaveLength(1);
  });

  describe('of its backbone', () => {
    /** It joined, and was told of its links. */
    let dir: string;
    beforeEach(async () => {
      plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
      plane.items = [sites.link('site')];
      dir = sites.directory();
      const first = await sites.start(dir, sites.invitation());
      await first.run;
      await eventually('it has heard', () => first.controller.state.desired.state.revision === plane.revision);
      await first.stop();
    });
    /** Whom it knows from its network, and does not know from its links. */
    const file = () => {
      const links = [{ ...sites.link('claim', 'claim'), trust: [strangers.pem('infrastructureCa')] }];
      return sites.invitation({ id: SECOND, position: LATER, links });
    };

    it('goes on as it was when the management plane says that it is let in', async () => {
      plane.join = () => refusal('certificate.not-due', 'never');
      const second = await sites.start(dir, file());
      await second.run;
      const { journal, certificates, desired } = second.controller.state;
      expect(journal.joining).toMatchObject({ status: 'joined', site: { siteId: SITE_ID, cameBackBy: SECOND } });
      expect(certificates.get('site')?.held?.ordinal).toBe(1);
      // What it came with leads it until it has heard of its links again.
      await eventually('it has heard again', () => desired.state.revision === plane.revision);
      await eventually('its claim is forgotten', () => certificates.get('claim') === undefined);
      expect(second.controller.troubles.list().map(({ code }) => code)).not.toContain('certificate.not-due');
    });

    it('comes back by its file also when it was killed while it took that', async () => {
      const { desired } = await sites.prepare(dir);
      await desired.keep(desiredFrom(itemsOfFile(file())));
      const second = await sites.start(dir, file());
      await second.run;
      expect(plane.asked.map(({ recovery }) => recovery !== undefined)).toEqual([false, true]);
    });
  });

  it('goes on coming back by that file, whichever older one it is started with meanwhile', async () => {
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    const dir = await leftBehind(() => sites.invitation(), MEMBER);
    plane.join = () => refusal('certificate.pending', 'later');
    const second = await sites.start(dir, sites.invitation({ id: SECOND, position: LATER }));
    await second.stop();
    const comesBy = async (file: SiteFile) => {
      const { certificates } = await sites.prepare(dir, file);
      return describeCertificate(certificates.get('claim')!.held!.chain[0]!).uris.join();
    };
    expect(await comesBy(sites.invitation())).toContain(SECOND);
    // Nobody comes by one that is over.
    const { certificates } = await sites.prepare(dir);
    const claim = { kind: 'claim', installation: INSTALLATION, networkId: NETWORK_ID, invitationId: SECOND } as const;
    const then = { now: new Date(Date.now() - 3_600_000), lifetimeMs: 60_000 };
    const { chain, key } = sites.management().authorities.make('claim', claim, undefined, then);
    await certificates.put('claim', { ordinal: 1, chain, key: new Secret(key) });
    expect(await comesBy(sites.invitation({ id: THIRD, position: LATER - 1 }))).toContain(THIRD);
  });

  it('is what is refused otherwise, and may be given another file', async () => {
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    const dir = await leftBehind(() => sites.invitation(), MEMBER);
    plane.join = () => refusal('recovery.too-late', 'never');
    const second = await sites.start(dir, sites.invitation({ id: SECOND, position: LATER }));
    expect(await second.run).toMatchObject({ code: 'recovery.too-late' });
    await second.stop();
    plane.join = plane.admitMember(NETWORK_ID, SITE_ID, [sites.link('site')]);
    const third = await sites.start(dir, sites.invitation({ id: THIRD, position: LATER - 1 }));
    await third.run;
    expect(third.controller.state.journal.joining).toMatchObject({ status: 'joined', site: { siteId: SITE_ID } });
  });
});
