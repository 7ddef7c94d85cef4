import { changeAccessPoint, openSiteConnector, openSiteListener } from '@caravan/api';
import { serverNameOf } from '@caravan/data-plane';
import { eventually, Scene, socketsOf } from '@caravan/testing/installation';
import type { BackboneSiteOnStage, TestInstallation, TestSite } from '@caravan/testing/installation';
import { carry } from './bulk.js';
import { askOnce } from './new-connections.js';
import { tlsAt } from './tls-at.js';
import { ADDRESSES } from './way.js';
import type { Ports, Way } from './way.js';

export interface RelayWay extends Way {
  /** Leads the link between the two relays in the middle through this port of ours, which leads on to `port`. */
  reroute(through: (port: number) => Promise<number>): Promise<void>;
}

/** client -> relay of a -> near -> far -> relay of b -> server: four sites that were set up as anybody would. */
export async function relayWay(installation: TestInstallation, servers: Ports): Promise<RelayWay> {
  const scene = new Scene(installation);
  const backbone = await scene.backbone('bench');
  const [near, far] = [await scene.backboneSite(backbone, 'near'), await scene.backboneSite(backbone, 'far')];
  await scene.link(near, far);
  const network = await scene.network(backbone, 'bench');
  const b = await scene.member(network, 'b', far);
  const a = await scene.member(network, 'a', near);
  const ports = { sink: 0, echo: 0 };
  for (const address of ADDRESSES) {
    await b.api()!.call(openSiteConnector, { body: { address, port: servers[address] } });
    ports[address] = await installation.ports.choose(`relay ${address}`);
    await a.api()!.call(openSiteListener, { body: { address, port: ports[address] } });
  }
  await leadsThrough(ports);
  const peer = far.accessPoints.peer;
  return {
    ports,
    pids: { a: relayOf(a), near: relayOf(near.site), far: relayOf(far.site), b: relayOf(b) },
    tls: await tlsAt(peer.port!, serverNameOf('peer', backbone.id)),
    reroute: async (through) => {
      await address(scene, far, await through(peer.port!));
      await leftAlone(relayOf(near.site), peer.port!);
      await leadsThrough(ports);
    },
  };
}

function relayOf(site: TestSite): number {
  const pid = site.pid('relay');
  if (pid === undefined) throw new Error(`the relay of ${site.name} does not run`);
  return pid;
}

/** Until its routes are known, a connection is refused. */
const leadsThrough = ({ sink, echo }: Ports): Promise<true> =>
  eventually('both servers are reached', () =>
    Promise.all([askOnce(echo), carry(sink, 1)]).then(
      () => true as const,
      () => undefined,
    ),
  );

async function address(scene: Scene, { accessPoints: { peer }, resource }: BackboneSiteOnStage, port: number) {
  const params = { backboneId: resource.backboneId, accessPointId: peer.id };
  await scene.api.call(changeAccessPoint, { params, body: { host: '127.0.0.1', port } });
}

/** Resolves when the process is connected to that port no more. */
const leftAlone = (pid: number, port: number): Promise<true> =>
  eventually('the link takes the other way', () => {
    const isThere = socketsOf([pid]).some((socket) => socket.state === 'established' && socket.remotePort === port);
    return isThere ? undefined : true;
  });
