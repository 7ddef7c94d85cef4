import type { Backbone, Invitation, InvitationFile, Network } from '@caravan/api';
import { openSiteConnector, openSiteListener } from '@caravan/api';
import { ask, dial } from '../data-plane/sockets.js';
import { eventually } from '../eventually.js';
import type { BackboneSiteOnStage, Scene } from './scene.js';
import type { TestSite } from './test-site.js';

/** Two members of a network, and a way from a port at one to a server at the other. */
export interface Pair {
  readonly network: Network;
  /** That they came by; it has no limit. */
  readonly invitation: Invitation;
  readonly file: InvitationFile;
  readonly seller: TestSite;
  readonly buyer: TestSite;
  /** On loopback: what connects there is carried to the server. */
  readonly port: number;
}

/** `server`: what answers at the seller, on loopback. Resolves when it was reached once. */
export async function startPair(scene: Scene, network: Network, server: { readonly port: number }): Promise<Pair> {
  const { name } = network;
  const invitation = await scene.invitation(network, { name, instanceLimit: null });
  const file = await scene.invitationFile(invitation);
  const start = (site: string): Promise<TestSite> => scene.site(`${name}-${site}`, file);
  const [seller, buyer] = await Promise.all([start('seller'), start('buyer')]);
  await Promise.all([seller.connected(), buyer.connected()]);
  const port = await openWay(scene, name, { seller, buyer, server });
  return { network, invitation, file, seller, buyer, port };
}

/**
 * A pair at the ends of a backbone of two sites, each by an invitation of its own:
 * ```
 * buyer ── west ── east ── seller
 * ```
 */
export interface DistantPair extends Pick<Pair, 'network' | 'seller' | 'buyer' | 'port'> {
  readonly backbone: Backbone;
  readonly west: BackboneSiteOnStage;
  readonly east: BackboneSiteOnStage;
}

/** As `startPair`, with the backbone and the network. */
export async function startDistantPair(
  scene: Scene,
  name: string,
  server: { readonly port: number },
): Promise<DistantPair> {
  const backbone = await scene.backbone(name);
  const [west, east] = await Promise.all([scene.backboneSite(backbone, 'west'), scene.backboneSite(backbone, 'east')]);
  await scene.link(west, east);
  const network = await scene.network(backbone, name);
  const [seller, buyer] = [await scene.member(network, 'seller', east), await scene.member(network, 'buyer', west)];
  const port = await openWay(scene, name, { seller, buyer, server });
  return { backbone, network, west, east, seller, buyer, port };
}

/** The port at the buyer from which the server at the seller is reached, once it is. */
async function openWay(
  scene: Scene,
  name: string,
  { seller, buyer, server }: Pick<Pair, 'seller' | 'buyer'> & { readonly server: { readonly port: number } },
): Promise<number> {
  const port = await scene.installation.ports.choose(`${name} goods`);
  await seller.api()!.call(openSiteConnector, { body: { address: 'goods', port: server.port } });
  await buyer.api()!.call(openSiteListener, { body: { address: 'goods', port } });
  await eventually('the server is reached', () =>
    askOnce(port).then(
      () => true,
      () => undefined,
    ),
  );
  return port;
}

/** What a new connection to a port is answered. */
export async function askOnce(port: number): Promise<string> {
  const socket = await dial(port);
  return ask(socket, 'x').finally(() => socket.destroy());
}
