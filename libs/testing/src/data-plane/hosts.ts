import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';

/** The dialling end proves chain and host, whatever the door's name. */
export function checksHosts(start: StartDataPlane): void {
  describe('the dialling end', () => {
    const topology = new Topology(start);
    const { world } = topology;
    const { a } = world;
    let relay: TestSite;
    beforeAll(async () => {
      relay = await topology.relay('r1');
    });
    afterAll(() => topology.close());

    const memberLink = () => ({ access: 'member', ownerId: a.id, port: topology.portOf(relay, 'member') }) as const;
    const reason = async (site: TestSite): Promise<string> => {
      const { items } = await site.until(
        'a reason',
        ({ items }) => (items['link/in']?.detail ?? 'dialling') !== 'dialling',
      );
      expect(items['link/in']?.state).toBe('waiting');
      return items['link/in']!.detail!;
    };

    it('refuses a certificate for another host, and takes it for the right one', async () => {
      const site = await topology.site('by-name');
      await site.link('in', memberLink(), world.member(a, 'm1'), { host: 'localhost' });
      expect(await reason(site)).toMatch(/another host/);
      await site.change(({ links }) => void (links[0]!.host = '127.0.0.1'));
      await site.applied('link/in');
    });

    it('refuses another access point of the same host, and ends a link to one that it no longer leads to', async () => {
      const identity = (of: string) => world.accessPointIdentity(of);
      const site = await topology.site('by-identity');
      const expecting = { identities: [identity('another')] };
      await site.link('in', memberLink(), world.member(a, 'm1'), expecting);
      expect(await reason(site)).toBe(
        `127.0.0.1:${memberLink().port} is ${identity('r1-member')}, and not ${identity('another')}`,
      );
      await site.change(({ links }) => void (links[0]!.identities = [identity('another'), identity('r1-member')]));
      await site.applied('link/in');
      await site.change(({ links }) => void (links[0]!.identities = [identity('another')]));
      await site.until('the link is gone', ({ links }) => links.length === 0);
    });

    it('refuses a certificate of an authority that it does not trust', async () => {
      const site = await topology.site('other-trust');
      await site.link('in', memberLink(), world.member(a, 'm1'), { trust: [a.memberCa.certificatePem] });
      expect(await reason(site)).toMatch(/does not lead to the trusted authority/);
    });

    it('waits for a certificate that is missing, and says which', async () => {
      const site = await topology.site('no-certificate');
      await site.link('in', memberLink(), world.member(a, 'm1'), { certificateId: 'later' });
      expect(await reason(site)).toMatch(/later is missing/);
      await site.change(({ certificates }) => void (certificates['later'] = world.member(a, 'm1')));
      await site.applied('link/in');
    });

    it('waits where nothing listens', async () => {
      const site = await topology.site('nothing-there');
      await site.link('in', { ...memberLink(), port: 1 }, world.member(a, 'm1'));
      expect(await reason(site)).toMatch(/nothing listens/);
    });

    it('says when the other end does not take its certificate', async () => {
      const site = await topology.site('not-taken');
      await site.link('in', memberLink(), world.claim(a, 'i1'));
      expect(await reason(site)).toMatch(/certificate/);
    });
  });
}
