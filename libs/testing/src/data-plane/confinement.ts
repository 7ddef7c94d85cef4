import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessKind } from '@caravan/data-plane';
import { serverNameOf } from '@caravan/data-plane';
import type { Credential } from './authorities.js';
import { ask, askPort, echoing, nextData, serve } from './sockets.js';
import type { StartDataPlane, TestSite } from './test-site.js';
import { Topology } from './topology.js';
import { BACKBONE } from './world.js';

/** Who may reach what: claims, members of other networks, certificates at the wrong door. */
export function confines(start: StartDataPlane): void {
  describe('confines', () => {
    const topology = new Topology(start);
    const { a, b } = topology.world;
    const { world } = topology;
    let relay: TestSite;
    let rogue: TestSite;
    let tries = 0;
    beforeAll(async () => {
      const [control, inventory] = [await serve(echoing('control')), await serve(echoing('inventory'))];
      topology.closing.add(control.close);
      topology.closing.add(inventory.close);
      relay = await topology.relay('r1');
      rogue = await topology.site('rogue');
      await topology.management(control.port, relay);
      const hq = await topology.member('hq', a, relay);
      await hq.connect(a.id, 'inventory', inventory.port);
    });
    afterAll(() => topology.close());

    /** Dials `access` of the relay from a site that holds whatever it likes; answers whether such a link came up. */
    const comesUp = async (access: AccessKind, serverName: string, credential: Credential): Promise<boolean> => {
      const id = `try-${++tries}`;
      const to = { access, port: topology.portOf(relay, access), ownerId: access === 'member' ? a.id : BACKBONE };
      await rogue.link(id, to, credential, { serverName });
      const isLetIn = await rogue.isLetIn(id);
      await rogue.change((configuration) => {
        configuration.links = configuration.links.filter((link) => link.id !== id);
      });
      return isLetIn;
    };

    it('a claim to caravan.control, which it reaches', async () => {
      const claimant = await topology.claimant('claimant', a, relay);
      const control = await claimant.plane.openControl();
      expect(await ask(control, 'claim')).toBe('control: claim');
      control.end('last words');
      expect(await nextData(control)).toBe('control: last words');
      const port = await claimant.listen(a.id, 'inventory');
      await expect(askPort(port, 'x')).rejects.toThrow();
    });

    it('a claim to caravan.control, also when it pretends that its link is a member link', async () => {
      const site = await topology.site('pretender');
      const to = { access: 'claim', ownerId: a.id, port: topology.portOf(relay, 'claim') } as const;
      await site.link('in', to, world.claim(a, 'i1'), { reach: { kind: 'network', networkId: a.id } });
      const port = await site.listen(a.id, 'inventory');
      await expect(askPort(port, 'x')).rejects.toThrow();
    });

    it('a member to its network, which it reaches', async () => {
      const member = await topology.member('a2', a, relay);
      expect(await askPort(await member.listen(a.id, 'inventory'), 'x')).toBe('inventory: x');
    });

    it('a member of another network, also when it names the network in its own configuration', async () => {
      const member = await topology.member('b1', b, relay);
      expect(await ask(await member.plane.openControl(), 'b')).toBe('control: b');
      await expect(askPort(await member.listen(b.id, 'inventory'), 'x')).rejects.toThrow();
      const liar = await topology.site('b2');
      const to = { access: 'member', ownerId: b.id, port: topology.portOf(relay, 'member') } as const;
      await liar.link('in', to, world.member(b, 'b2'), { reach: { kind: 'network', networkId: a.id } });
      await liar.applied('link/in');
      await expect(askPort(await liar.listen(a.id, 'inventory'), 'x')).rejects.toThrow();
    });

    it('what a member of another network answers for', async () => {
      const stolen = await serve(echoing('stolen'));
      topology.closing.add(stolen.close);
      const thief = await topology.member('b3', b, relay);
      await thief.connect(b.id, 'inventory', stolen.port);
      await thief.connect(b.id, 'orders', stolen.port);
      const victim = await topology.member('a3', a, relay);
      expect(await askPort(await victim.listen(a.id, 'inventory'), 'x')).toBe('inventory: x');
      await expect(askPort(await victim.listen(a.id, 'orders'), 'x')).rejects.toThrow();
    });

    const names = {
      claim: serverNameOf('claim', a.id),
      member: serverNameOf('member', a.id),
      peer: serverNameOf('peer', BACKBONE),
      manage: serverNameOf('manage', BACKBONE),
    };
    const certificates = {
      claim: (more = {}) => world.claim(a, 'i1', more),
      member: (more = {}) => world.member(a, 'm1', more),
      'member of the other network': (more = {}) => world.member(b, 'm1', more),
      'backbone site': () => world.backboneSite('s1'),
      'manage link': () => world.manageLink('s1'),
      'access point': () => world.accessPoint('p1'),
    };
    it.each([
      ['claim', 'member'],
      ['claim', 'peer'],
      ['claim', 'manage'],
      ['member', 'claim'],
      ['member', 'peer'],
      ['member', 'manage'],
      ['member of the other network', 'member'],
      ['backbone site', 'member'],
      ['backbone site', 'manage'],
      ['manage link', 'peer'],
      ['access point', 'peer'],
    ] as const)(
      'a %s certificate to its own doors: none at %s, with its intermediates sent along or not',
      async (of, at) => {
        const certificate = certificates[of];
        const alone = comesUp(at, names[at], certificate());
        expect([await alone, await comesUp(at, names[at], certificate({ withIntermediates: true }))]).toEqual([
          false,
          false,
        ]);
      },
    );

    it('a handshake to the doors there are: another name, or the door of another access point, leads nowhere', async () => {
      const member = world.member(a, 'm1');
      expect(await comesUp('claim', names.member, member)).toBe(false);
      expect(await comesUp('member', serverNameOf('member', 'net-c'), member)).toBe(false);
      expect(await comesUp('member', names.member, member)).toBe(true);
    });
  });
}
