import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Socket } from 'node:net';
import { describeCertificate } from '@caravan/pki';
import { makeAuthority, makeRoot } from './authorities.js';
import { ask, askPort, dial, echoing, finish, serve } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';
import { memberIdentity } from './world.js';

/** "At once" for a link that lost its trust, on a busy machine. */
const AT_ONCE_MS = 1_000;

/** Certificates, trust and denials change while the data plane runs. */
export function replaces(start: StartDataPlane): void {
  describe('replaces live', () => {
    const topology = new Topology(start);
    const { world } = topology;
    const { a, b } = world;
    let [r1, hq, store, other]: TestSite[] = [];
    let port: number;
    let carried: Socket;
    const next = makeAuthority(makeRoot(), 'memberCa', 'next ordinal');
    beforeAll(async () => {
      const server = await serve(echoing('inventory'));
      topology.closing.add(server.close);
      r1 = await topology.relay('r1');
      hq = await topology.member('hq', a, r1);
      await hq.connect(a.id, 'inventory', server.port);
      store = await topology.member('store', a, r1);
      port = await store.listen(a.id, 'inventory');
      other = await topology.member('other', b, r1);
      carried = await dial(port);
    });
    afterAll(() => topology.close());

    const stillCarried = async (): Promise<void> => expect(await ask(carried, 'still')).toBe('inventory: still');
    const peers = async (): Promise<(string | null)[]> => {
      const { links } = await r1!.plane.observe();
      return links.flatMap(({ access, peerIdentity }) => (access === 'member' ? [peerIdentity] : []));
    };
    const dropped = (identity: string): Promise<unknown> =>
      r1!.until(
        `${identity} is gone`,
        ({ links }) => !links.some((link) => link.peerIdentity === identity),
        AT_ONCE_MS,
      );

    it('nothing for the same configuration', async () => {
      await stillCarried();
      const before = (await r1!.plane.observe()).links.map(({ since }) => since);
      for (const site of [r1!, hq!, store!]) await site.plane.apply(site.configuration);
      await stillCarried();
      expect((await r1!.plane.observe()).links.map(({ since }) => since)).toEqual(before);
    });

    it("an access point's certificate, for the next handshake", async () => {
      const before = await r1!.port('member');
      const renewed = world.accessPoint('renewed');
      await r1!.change(({ certificates }) => void (certificates['member-certificate'] = renewed));
      const late = await topology.member('late', a, r1!);
      const { links } = await late.plane.observe();
      expect(links[0]!.peerChain[0]!.serial).toBe(describeCertificate(renewed.chain).serial);
      expect(await askPort(await late.listen(a.id, 'inventory'), 'x')).toBe('inventory: x');
      expect(await r1!.port('member')).toBe(before);
      await stillCarried();
    });

    it('the certificate of a link, made before broken', async () => {
      const before = (await store!.plane.observe()).links[0]!.peerChain;
      const [serial] = await serials(r1!, memberIdentity(a.id, 'store'));
      await store!.change(({ certificates }) => void (certificates['to-r1-certificate'] = world.member(a, 'store')));
      await r1!.until('the new certificate is in use', ({ links }) =>
        links.some(
          ({ peerIdentity, peerChain }) => peerIdentity?.endsWith('/store') && peerChain[0]!.serial !== serial,
        ),
      );
      await stillCarried();
      expect(await askPort(port, 'new')).toBe('inventory: new');
      expect((await store!.plane.observe()).links[0]!.peerChain).toEqual(before);
    });

    it('trust that is added, without touching who is there', async () => {
      await r1!.change(({ admissions }) => {
        for (const { id, trust } of admissions) if (id === `member-${a.id}`) trust.push(next.certificatePem);
      });
      await stillCarried();
      const joined = await topology.member('next', { ...a, memberCa: next }, r1!);
      expect(await askPort(await joined.listen(a.id, 'inventory'), 'x')).toBe('inventory: x');
    });

    it('a denied identity: its link ends at once, the others stay', async () => {
      const evicted = await topology.member('evicted', a, r1!);
      const local = await dial(await evicted.listen(a.id, 'inventory'));
      await ask(local, 'x');
      const cut = finish(local);
      const identity = memberIdentity(a.id, 'evicted');
      await r1!.change(({ admissions }) => {
        for (const { id, denied } of admissions) if (id === `member-${a.id}`) denied.push(identity);
      });
      await dropped(identity);
      expect(await cut).toBe('reset');
      await stillCarried();
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await peers()).not.toContain(identity);
    });

    it('an admission that is removed: everybody of that door goes at once and stays out until it is back', async () => {
      const identity = memberIdentity(b.id, 'other');
      expect(await peers()).toContain(identity);
      const { admissions } = r1!.configuration;
      await r1!.change((next) => void (next.admissions = admissions.filter(({ id }) => id !== `member-${b.id}`)));
      await dropped(identity);
      await stillCarried();
      await new Promise((resolve) => setTimeout(resolve, 700));
      expect(await peers()).not.toContain(identity);
      await r1!.change((next) => void (next.admissions = admissions));
      await other!.applied('link/to-r1');
    });

    it('trust that is retired: whoever is in stays, nobody comes in by it, and others do by what is trusted', async () => {
      const since = (await r1!.plane.observe()).links.map((link) => link.since);
      await r1!.change(({ admissions }) => {
        for (const admission of admissions) {
          if (admission.id !== `member-${a.id}`) continue;
          admission.retired = admission.trust.slice(0, 1);
          admission.trust = admission.trust.slice(1);
        }
      });
      await stillCarried();
      expect((await r1!.plane.observe()).links.map((link) => link.since)).toEqual(since);
      const tardy = await topology.site('tardy');
      const to = { access: 'member', ownerId: a.id, port: topology.portOf(r1!, 'member') } as const;
      await tardy.link('to-r1', to, world.member(a, 'tardy'));
      const successor = await topology.member('successor', { ...a, memberCa: next }, r1!);
      expect(await askPort(await successor.listen(a.id, 'inventory'), 'x')).toBe('inventory: x');
      await new Promise((resolve) => setTimeout(resolve, 500));
      expect(await peers()).not.toContain(memberIdentity(a.id, 'tardy'));
      await stillCarried();
    });

    it('trust that is removed, also from what is retired: the link ends at once and is not let back in', async () => {
      const cut = finish(carried);
      await r1!.change(({ admissions }) => {
        for (const admission of admissions) if (admission.id === `member-${a.id}`) delete admission.retired;
      });
      await dropped(memberIdentity(a.id, 'store'));
      expect(await cut).toBe('reset');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect((await peers()).filter((identity) => /\/(hq|store|late)$/.test(identity ?? ''))).toEqual([]);
      // The member under the other authority, and the other network, were not concerned.
      expect(await peers()).toEqual(
        expect.arrayContaining(
          ['next', 'successor'].map((name) => memberIdentity(a.id, name)).concat(memberIdentity(b.id, 'other')),
        ),
      );
    });

    it('the trust of the dialling end: a link whose other end lost it ends at once', async () => {
      const elsewhere = makeAuthority(makeRoot(), 'infrastructureCa', 'another');
      const old = [world.infrastructure.certificatePem];
      const since = (await other!.plane.observe()).links.map((link) => link.since);
      await other!.change(({ links }) => Object.assign(links[0]!, { trust: [elsewhere.certificatePem], retired: old }));
      expect((await other!.plane.observe()).links.map((link) => link.since)).toEqual(since);
      await other!.change(({ links }) => void delete links[0]!.retired);
      await other!.until('the link is gone', ({ links }) => links.length === 0, AT_ONCE_MS);
      await other!.change(({ links }) => void links[0]!.trust.push(world.infrastructure.certificatePem));
      await other!.applied('link/to-r1');
    });
  });
}

async function serials(site: TestSite, identity: string): Promise<string[]> {
  const { links } = await site.plane.observe();
  return links.filter(({ peerIdentity }) => peerIdentity === identity).map(({ peerChain }) => peerChain[0]!.serial);
}
