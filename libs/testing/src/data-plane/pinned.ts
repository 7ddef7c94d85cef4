import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCertificate } from '@caravan/pki';
import type { Credential } from './authorities.js';
import { issue, makeRoot } from './authorities.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';
import { memberIdentity } from './world.js';

const SUPPLIED = 'brought';

/** An operator brings the certificate that a site shows when it links: the management plane says whose it is, at the door and to nobody else. */
export function letsInWhatIsPinned(start: StartDataPlane): void {
  describe('lets in by what an operator supplies for a link', () => {
    const topology = new Topology(start);
    const { a } = topology.world;
    const company = makeRoot();
    let r1: TestSite;
    let count = 0;
    beforeAll(async () => void (r1 = await topology.relay('r1')), 30_000);
    afterAll(() => topology.close());

    const brought = (): Credential => issue(company, 'serviceClient', { hosts: ['a.example'] });
    const serialOf = ({ chain }: Credential) => describeCertificate(chain).serial;
    /** Says at the door of the network whose certificates they are, and of nobody else. */
    const pin = (...pinned: (readonly [TestSite, Credential])[]) =>
      r1.change(({ admissions }) => {
        for (const door of admissions) {
          delete door.pinned;
          if (door.access !== 'member' || pinned.length === 0) continue;
          door.pinned = pinned.map(([{ id }, { chain }]) => ({
            identity: memberIdentity(a.id, id),
            certificate: chain,
          }));
        }
      });
    /** A site whose operator has brought a certificate for its link; it has one of its own unless it is bare, and may be known before it dials. */
    const dialling = async (credential: Credential, isBare = false, isKnown = false): Promise<TestSite> => {
      const site = await topology.site(`site-${++count}`);
      if (isKnown) await pin([site, credential]);
      const to = { access: 'member', ownerId: a.id, port: topology.portOf(r1, 'member') } as const;
      await site.link('up', to, topology.world.member(a, site.id));
      await site.change(({ links, certificates }) => {
        links[0]!.suppliedId = SUPPLIED;
        certificates[SUPPLIED] = credential;
        if (isBare) delete certificates['up-certificate'];
      });
      return site;
    };
    /** By which certificates it is in, as whom it is to be. */
    const inBy = async (site: TestSite): Promise<string[]> => {
      const { links } = await r1.plane.observe();
      const ofSite = links.filter(({ peerIdentity }) => peerIdentity === memberIdentity(a.id, site.id));
      return ofSite.map(({ peerChain }) => peerChain[0]!.serial);
    };
    const until = async (site: TestSite, what: string, holds: (serials: string[]) => boolean): Promise<void> => {
      for (const start = Date.now(); !holds(await inBy(site)); await pause(20))
        if (Date.now() - start > 15_000)
          throw new Error(`${site.id}: not within 15 s: ${what}: ${String(await inBy(site))}`);
    };

    it('as whom the door is told that it is, without any other certificate', async () => {
      const credential = brought();
      const site = await dialling(credential, true);
      await site.refused('up');
      await pin([site, credential]);
      await site.applied('link/up');
      expect(await inBy(site)).toEqual([serialOf(credential)]);
    });

    it('and by its own certificate while it is not, then by that: nobody is cut off', async () => {
      const credential = brought();
      const site = await dialling(credential);
      await site.applied('link/up');
      const [own] = await inBy(site);
      expect(own).not.toBe(serialOf(credential));
      await pin([site, credential]);
      await until(site, 'it changes over', (serials) => serials.includes(serialOf(credential)));
      await until(site, 'that alone', (serials) => serials.length === 1);
    });

    it('and by no other of the same authority, nor in the name of a site that is denied', async () => {
      const [credential, stranger] = [brought(), brought()];
      const site = await dialling(credential, true);
      await pin([site, stranger]);
      await pause(1_500);
      expect(await inBy(site)).toEqual([]);
      await pin([site, credential]);
      await site.applied('link/up');
      await r1.change(({ admissions }) => {
        for (const door of admissions) if (door.access === 'member') door.denied = [memberIdentity(a.id, site.id)];
      });
      await site.until('the link is gone', ({ links }) => links.length === 0, 2_000);
      await pause(1_500);
      expect(await inBy(site)).toEqual([]);
      await r1.change(({ admissions }) => admissions.forEach((door) => (door.denied = [])));
    });

    it.each([
      ['for servers only', () => issue(company, 'serviceServer', { hosts: ['a.example'] }), 0],
      ['over', () => issue(company, 'serviceClient', { hosts: ['a.example'], lifetimeMs: 3_000 }), 3_500],
    ])('and by none that is %s, however well it is known', async (_, make, afterMs) => {
      const credential = make();
      await pause(afterMs);
      const site = await dialling(credential, true, true);
      await site.refused('up');
      expect(await inBy(site)).toEqual([]);
    });

    it('and who is in stays when it is no longer known, or cannot be read; who comes then is not', async () => {
      const credential = brought();
      const site = await dialling(credential, true);
      await pin([site, credential]);
      await site.applied('link/up');
      const since = async () => (await site.plane.observe()).links.map((link) => link.since);
      const before = await since();
      await pin();
      await pin([site, { ...credential, chain: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' }]);
      const other = await topology.member(`other-${count}`, a, r1);
      expect(await inBy(other)).toHaveLength(1);
      await pause(300);
      expect(await since()).toEqual(before);
      await site.change(({ links }) => void links[0]!.cost++);
      await site.refused('up');
    });
  });
}
