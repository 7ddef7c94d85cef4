import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkItem } from '@caravan/data-plane';
import { describeCertificate } from '@caravan/pki';
import type { Authority } from './authorities.js';
import { issue, makeRoot } from './authorities.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';

/** An operator brings the certificate of an access point: whoever links to it knows by whom it is proven, or does not yet. */
export function showsWhatIsSupplied(start: StartDataPlane): void {
  describe('shows what an operator supplies', () => {
    const topology = new Topology(start);
    const { a } = topology.world;
    const [company, successor] = [makeRoot(), makeRoot()];
    const identities = [topology.world.accessPointIdentity('r1-member')];
    let r1: TestSite;
    let count = 0;
    beforeAll(async () => void (r1 = await topology.relay('r1')), 30_000);
    afterAll(() => topology.close());

    const supply = (by: Authority, host = '127.0.0.1') =>
      r1.change(({ accessPoints, certificates }) => {
        for (const item of accessPoints) if (item.id === 'member') item.suppliedId = 'brought';
        certificates['brought'] = issue(by, 'apiServer', { hosts: [host] });
      });
    const dialling = async (more: Partial<LinkItem>): Promise<TestSite> => {
      const name = `site-${++count}`;
      const site = await topology.site(name);
      const to = { access: 'member', ownerId: a.id, port: topology.portOf(r1, 'member') } as const;
      return site.link('up', to, topology.world.member(a, name), { identities, ...more });
    };
    const knowing = (...by: Authority[]) => ({ supplied: by.map(({ certificatePem }) => certificatePem) });
    /** What the other end of its link has shown. */
    const seen = async (site: TestSite): Promise<string> =>
      (await site.applied('link/up').then(() => site.plane.observe())).links[0]!.peerChain[0]!.serial;
    const serialOf = (id: string) => describeCertificate(r1.configuration.certificates[id]!.chain).serial;
    const since = async (site: TestSite) => (await site.plane.observe()).links.map((link) => link.since);
    const refused = async (site: TestSite, why: RegExp): Promise<void> => {
      await site.until(`it says ${String(why)}`, ({ items }) => why.test(items['link/up']?.detail ?? ''));
      expect((await site.plane.observe()).links).toEqual([]);
    };

    it('to whoever can judge it, and what was issued to all others', async () => {
      await supply(company);
      expect(await seen(await dialling(knowing(company)))).toBe(serialOf('brought'));
      expect(await seen(await dialling({}))).toBe(serialOf('member-certificate'));
    });

    it('for its host alone, by whom it is said to be proven', async () => {
      await refused(await dialling(knowing(successor)), /does not lead to the trusted authority/);
      await supply(company, 'other.example');
      await refused(await dialling(knowing(company)), /is for another host/);
      await supply(company);
    });

    it('and nothing else passes for it: what was issued must still prove whose it is', async () => {
      const elsewhere = await dialling({ ...knowing(successor), identities: ['spiffe://test/other'] });
      await refused(elsewhere, /does not lead to the trusted authority/);
      await r1.change(({ accessPoints }) => accessPoints.forEach((item) => delete item.suppliedId));
      await refused(await dialling({ ...knowing(company), identities: ['spiffe://test/other'] }), /and not spiffe/);
      expect(await seen(await dialling(knowing(company)))).toBe(serialOf('member-certificate'));
    });

    it('to all while nothing was issued, though it is no proof to those who do not know of it', async () => {
      const bare = await topology.site('bare');
      await bare.change((configuration) => {
        const [bound] = r1.configuration.accessPoints.filter(({ id }) => id === 'member');
        configuration.accessPoints = [{ ...bound!, certificateId: 'never-issued', suppliedId: 'brought' }];
        configuration.admissions = r1.configuration.admissions;
        configuration.certificates['brought'] = issue(company, 'apiServer', { hosts: ['127.0.0.1'] });
      });
      const port = await bare.port('member');
      const site = await dialling({ ...knowing(company), port });
      await site.applied('link/up');
      await refused(await dialling({ port }), /does not lead to the trusted authority/);
    });

    it('anew for the next handshake; who is in stays, also by what is supplied no more', async () => {
      await supply(company);
      const site = await dialling(knowing(company));
      await seen(site);
      const before = await since(site);
      await site.change(({ links }) =>
        Object.assign(links[0]!, knowing(successor), { suppliedBefore: knowing(company).supplied }),
      );
      await supply(successor);
      await pause(300);
      expect(await since(site)).toEqual(before);
      expect(await seen(await dialling(knowing(successor)))).toBe(serialOf('brought'));
      await site.change(({ links }) => void delete links[0]!.supplied);
      await pause(300);
      expect(await since(site)).toEqual(before);
      await site.change(({ links }) => void delete links[0]!.suppliedBefore);
      await site.until('another link', ({ links }) => links.length > 0 && links[0]!.since !== before[0]);
      expect(await seen(site)).toBe(serialOf('member-certificate'));
    });

    it('and what a rotation retired must still prove whose it is', async () => {
      await r1.change(({ accessPoints }) => accessPoints.forEach((item) => delete item.suppliedId));
      const site = await dialling({});
      await seen(site);
      const before = await since(site);
      const retired = [topology.world.infrastructure.certificatePem];
      await site.change(({ links }) => Object.assign(links[0]!, { trust: [successor.certificatePem], retired }));
      await pause(300);
      expect(await since(site)).toEqual(before);
      await site.change(({ links }) => void (links[0]!.identities = ['spiffe://test/other']));
      await site.until('the link is gone', ({ links }) => links.length === 0, 1_000);
    });
  });
}
