import type {
  AccessKind,
  Configuration,
  ConnectorTls,
  DataPlane,
  ItemState,
  LinkItem,
  ListenerTls,
  Observation,
  Reach,
} from '@caravan/data-plane';
import { emptyConfiguration, serverNameOf } from '@caravan/data-plane';
import type { Credential } from './authorities.js';
import { freePort } from '../ports.js';
import type { World } from './world.js';
import { BACKBONE } from './world.js';

/** One data plane under test, as a process (or whatever a driver's is). */
export interface RunningDataPlane {
  readonly plane: DataPlane;
  /** Ends it as a power cut would: no goodbye. Resolves when it is gone. */
  kill(): Promise<void>;
  /** An orderly end; what `kill` leaves behind is removed too. */
  stop(): Promise<void>;
  isAlive(): boolean;
}
export type StartDataPlane = (siteId: string) => Promise<RunningDataPlane>;

const PATIENCE_MS = 10_000;
const LOOK_MS = 20;
/** What a driver says of a link whose other end refused its certificate, or ended the handshake. */
const isRefused = (state: ItemState | undefined): boolean =>
  /cut the connection|does it accept/.test(state?.detail ?? '');

/** A site of the tests: its data plane, and the configuration that a site-controller would hold. */
export class TestSite {
  configuration: Configuration;

  constructor(
    readonly id: string,
    readonly world: World,
    public running: RunningDataPlane,
  ) {
    this.configuration = emptyConfiguration(id);
  }

  get plane(): DataPlane {
    return this.running.plane;
  }

  async change(edit: (configuration: Configuration) => void): Promise<this> {
    const next = structuredClone(this.configuration);
    edit(next);
    this.configuration = next;
    await this.plane.apply(next);
    return this;
  }

  /** Waits until the data plane says so. */
  async until(what: string, holds: (observation: Observation) => boolean, ms = PATIENCE_MS): Promise<Observation> {
    const deadline = Date.now() + ms;
    for (;;) {
      const observation = await this.plane.observe();
      if (holds(observation)) return observation;
      if (Date.now() > deadline) {
        throw new Error(`${this.id}: not within ${ms} ms: ${what}\n${JSON.stringify(observation, undefined, 1)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  applied(...keys: string[]): Promise<Observation> {
    return this.until(`${keys.join(', ')} applied`, ({ items }) =>
      keys.every((key) => items[key]?.state === 'applied'),
    );
  }

  /** Resolves when the other end of a link has said that it does not let it in. */
  refused(linkId: string): Promise<Observation> {
    return this.until(`link/${linkId} is refused`, ({ items }) => isRefused(items[`link/${linkId}`]));
  }

  /** Whether the other end lets a link in, as soon as it has said so. */
  async isLetIn(linkId: string): Promise<boolean> {
    const stateOf = ({ items }: Observation) => items[`link/${linkId}`];
    const isIn = (observation: Observation) => stateOf(observation)?.state === 'applied';
    return isIn(await this.until(`link/${linkId} is let in or refused`, (o) => isIn(o) || isRefused(stateOf(o))));
  }

  async port(accessPointId: string): Promise<number> {
    const { items } = await this.applied(`access-point/${accessPointId}`);
    return items[`access-point/${accessPointId}`]!.port!;
  }

  /** Opens a local port for `address`, which waits while its certificate is not there. Answers the port. */
  async listen(networkId: string, address: string, tls?: ListenerTls): Promise<number> {
    const port = await freePort();
    const id = `listener-${networkId}-${address}`;
    await this.change(({ listeners }) => {
      listeners.push({ kind: 'listener', id, networkId, address, host: '127.0.0.1', port, ...(tls && { tls }) });
    });
    if (!tls || tls.certificateId in this.configuration.certificates) await this.applied(`listener/${id}`);
    return port;
  }

  connect(networkId: string | null, address: string, port: number, tls?: ConnectorTls): Promise<this> {
    const id = `connector-${networkId ?? 'control'}-${address}`;
    return this.change(({ connectors }) => {
      connectors.push({ kind: 'connector', id, networkId, address, host: '127.0.0.1', port, ...(tls && { tls }) });
    });
  }

  link(id: string, to: LinkTo, credential: Credential, more: Partial<LinkItem> = {}): Promise<this> {
    return this.change(({ links, certificates }) => {
      certificates[`${id}-certificate`] = credential;
      links.push({ ...linkItem(this.world, id, to), ...more });
    });
  }
}

export interface LinkTo {
  readonly access: AccessKind;
  /** The network of a claim or member link; the backbone otherwise. */
  readonly ownerId?: string;
  readonly port: number;
}

export function linkItem(world: World, id: string, { access, ownerId = BACKBONE, port }: LinkTo): LinkItem {
  const reaches: Record<AccessKind, Reach> = {
    claim: { kind: 'control' },
    member: { kind: 'network', networkId: ownerId },
    peer: { kind: 'backbone' },
    manage: { kind: 'management' },
  };
  return {
    kind: 'link',
    id,
    access,
    host: '127.0.0.1',
    port,
    serverName: serverNameOf(access, ownerId),
    trust: [world.infrastructure.certificatePem],
    certificateId: `${id}-certificate`,
    cost: 1,
    reach: reaches[access],
  };
}
