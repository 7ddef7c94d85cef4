import { createConnector } from '@caravan/api';
import type { Network } from '@caravan/api';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import type { TestServer } from '../data-plane/sockets.js';
import { Scene, serveEcho, TestInstallation } from '../installation/index.js';
import type { BackboneSiteOnStage, TestSite } from '../installation/index.js';
import { poolOn } from '../servers/pool.js';
import { Asking } from './asking.js';
import type { Where } from './asking.js';
import { Harness } from './harness.js';
import { LogView } from './log-view.js';
import { seedOf } from './seed.js';
import { connectAsReader, databaseUrlOf } from './servers.js';

/** An address at which somebody answers from the first to the last cell. */
export const STANDING_ADDRESS = 'standing';

/** One running installation, in which all cells are played. */
export class Stage {
  private constructor(
    readonly harness: Harness,
    readonly installation: TestInstallation,
    readonly scene: Scene,
    readonly backboneSite: BackboneSiteOnStage,
    readonly network: Network,
    /** The member that answers for addresses. */
    readonly serverSite: { readonly id: string; readonly site: TestSite },
    readonly echo: TestServer,
    readonly log: LogView,
    readonly pool: Pool,
    private readonly nats: NatsConnection,
  ) {}

  static async set(): Promise<Stage> {
    const harness = await Harness.open();
    process.env['CARAVAN_KILL_POINTS'] = harness.socketPath; // of everything that is started from here on
    let installation: TestInstallation | undefined;
    try {
      installation = await TestInstallation.start();
      return await Stage.furnish(harness, installation);
    } catch (error) {
      await installation?.stop();
      await harness.close();
      throw error;
    }
  }

  private static async furnish(harness: Harness, installation: TestInstallation): Promise<Stage> {
    const scene = new Scene(installation);
    const backbone = await scene.backbone('kills');
    const backboneSite = await scene.backboneSite(backbone, 'east');
    const network = await scene.network(backbone, 'kills');
    const invitation = await scene.invitation(network, { name: 'server' });
    const site = await scene.site('server', await scene.invitationFile(invitation));
    const { siteId } = await site.connected();
    const id = siteId ?? '';
    const echo = await serveEcho();
    await scene.api.call(createConnector, {
      params: { networkId: network.id, memberId: id },
      body: { address: STANDING_ADDRESS, port: echo.port },
    });
    const nats = await connectAsReader(installation);
    const pool = poolOn(databaseUrlOf(installation), { max: 4 });
    const log = new LogView(nats);
    return new Stage(harness, installation, scene, backboneSite, network, { id, site }, echo, log, pool, nats);
  }

  /** Of the delays of kills. */
  readonly seed = seedOf(process.env);
  /** For what the judge looks at. */
  readonly asking = new Asking();
  readonly managementApi: Where = () => ({ url: this.installation.plane.apiUrl, token: this.installation.token });

  /** Past the services, with the credentials that are on disk now. */
  reconnect(): Promise<void> {
    return this.nats.reconnect();
  }

  async strike(): Promise<void> {
    delete process.env['CARAVAN_KILL_POINTS'];
    await this.log.stop();
    await this.nats.close();
    await this.pool.end();
    await this.installation.stop();
    this.echo.close();
    await this.harness.close();
  }
}
