import { accessKinds } from '@caravan/data-plane';
import { eventually } from '../eventually.js';
import { askPort, Closing, echoing, serve } from './sockets.js';
import type { StartDataPlane } from './test-site.js';
import { TestSite } from './test-site.js';
import type { Network } from './world.js';
import { World } from './world.js';

/** Sites of one test, made in the words of the architecture. Everything on loopback; `close` ends what was started. */
export class Topology {
  readonly world = new World();
  readonly closing = new Closing();
  readonly #access = new Map<string, Record<string, number>>();
  #asked = 0;

  constructor(private readonly start: StartDataPlane) {}

  async site(id: string): Promise<TestSite> {
    const running = await this.start(id);
    this.closing.add(() => running.stop());
    return new TestSite(id, this.world, running);
  }

  /** A backbone site with an access point of each kind and the doors of both networks, dialling `peers`. */
  async relay(id: string, ...peers: TestSite[]): Promise<TestSite> {
    const { world } = this;
    const site = await this.site(id);
    await site.change((configuration) => {
      for (const access of accessKinds) {
        const certificateId = `${access}-certificate`;
        configuration.certificates[certificateId] = world.accessPoint(`${id}-${access}`);
        configuration.accessPoints.push({
          kind: 'access-point',
          id: access,
          access,
          bindHost: '127.0.0.1',
          bindPort: 0,
          certificateId,
        });
      }
      configuration.admissions = world.admissions();
    });
    const ports: Record<string, number> = {};
    for (const access of accessKinds) ports[access] = await site.port(access);
    this.#access.set(id, ports);
    for (const peer of peers) await this.peer(site, peer);
    return site;
  }

  async peer(site: TestSite, to: TestSite, cost = 1): Promise<void> {
    const credential = this.world.backboneSite(site.id);
    await site.link(`to-${to.id}`, { access: 'peer', port: this.portOf(to, 'peer') }, credential, { cost });
    await site.applied(`link/to-${to.id}`);
  }

  /** A member site of `network`, attached to `relays`, each dearer than the one before. */
  async member(id: string, network: Network, ...relays: TestSite[]): Promise<TestSite> {
    const site = await this.site(id);
    const credential = this.world.member(network, id);
    for (const [index, relay] of relays.entries()) {
      const to = { access: 'member', ownerId: network.id, port: this.portOf(relay, 'member') } as const;
      await site.link(`to-${relay.id}`, to, credential, { cost: index + 1 });
      await site.applied(`link/to-${relay.id}`);
    }
    return site;
  }

  /** A site that holds nothing but an invitation of `network`. */
  async claimant(id: string, network: Network, relay: TestSite): Promise<TestSite> {
    const site = await this.site(id);
    const to = { access: 'claim', ownerId: network.id, port: this.portOf(relay, 'claim') } as const;
    await site.link(`to-${relay.id}`, to, this.world.claim(network, 'invitation-1'));
    await site.applied(`link/to-${relay.id}`);
    return site;
  }

  /** The management plane's own site: dials out, answers there for caravan.control. */
  async management(controlPort: number, ...relays: TestSite[]): Promise<TestSite> {
    const site = await this.site('management');
    await site.connect(null, 'caravan.control', controlPort);
    for (const relay of relays) {
      const to = { access: 'manage', port: this.portOf(relay, 'manage') } as const;
      await site.link(`to-${relay.id}`, to, this.world.manageLink(site.id));
      await site.applied(`link/to-${relay.id}`);
    }
    return site;
  }

  /**
   * Waits until `asking` knows what `offering` offers in the network by now. Relays tell each other in order: whoever reaches what is offered last
   * knows of all that was offered before.
   */
  async known({ id: networkId }: Network, offering: TestSite, asking: TestSite): Promise<void> {
    const server = await serve(echoing('known'));
    this.closing.add(server.close);
    const address = `known-${++this.#asked}`;
    await offering.connect(networkId, address, server.port);
    const port = await asking.listen(networkId, address);
    await eventually('it is reached', () => askPort(port, 'x').catch(() => undefined));
  }

  portOf(relay: TestSite, access: string): number {
    const port = this.#access.get(relay.id)?.[access];
    if (port === undefined) throw new Error(`${relay.id} has no ${access} access point`);
    return port;
  }

  close(): Promise<void> {
    return this.closing.all();
  }
}
