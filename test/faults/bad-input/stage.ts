import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getStatus, issueJoinToken, openSiteConnector, openSiteListener, rebuildProjections } from '@caravan/api';
import type { Invitation, InvitationFile, Network } from '@caravan/api';
import { LOG_STREAM } from '@caravan/event-store/jetstream';
import { CAPABILITY, claimSubject } from '@caravan/events';
import type { NatsConnection } from '@nats-io/transport-node';
import { ask, connectAsSite, eventually, newKey, Scene, TestInstallation } from '@caravan/testing/installation';
import type { BackboneSiteOnStage, TestSite } from '@caravan/testing/installation';
import { memberBy, onPaper } from './impostors.js';
import type { Impostor } from './impostors.js';
import { processes } from './processes.js';

const LOOPBACK = '127.0.0.1';

/** As nats-server's monitor has it (`/jsz`). */
interface JetStream {
  readonly account_details: readonly {
    readonly stream_detail?: readonly { readonly name: string; readonly state: { readonly last_seq: number } }[];
  }[];
}

/** One running installation with everything that somebody could send something to. */
export class Stage {
  readonly #pids: ReadonlyMap<number, string>;

  private constructor(
    readonly installation: TestInstallation,
    readonly scene: Scene,
    readonly sites: { readonly east: BackboneSiteOnStage; readonly west: BackboneSiteOnStage },
    readonly network: Network,
    readonly client: TestSite,
    readonly server: TestSite,
    readonly invitation: { readonly resource: Invitation; readonly file: InvitationFile },
    readonly claimant: NatsConnection,
    readonly member: Impostor,
    readonly bootstrap: Impostor,
    /** Leads to a server at the other member site. */
    readonly listenerPort: number,
    private readonly echo: Server,
  ) {
    this.#pids = processes();
  }

  /** The secret of one for its invitation. */
  async joinToken(): Promise<string> {
    const secret = 'a-secret-of-a-join-token';
    const secretHash = createHash('sha256').update(secret).digest('hex');
    const params = { networkId: this.network.id, invitationId: this.invitation.resource.id };
    await this.scene.api.call(issueJoinToken, { params, body: { secretHash } });
    return secret;
  }

  static async set(): Promise<Stage> {
    const installation = await TestInstallation.start();
    return Stage.#on(installation).catch(async (error: unknown) => {
      await installation.stop();
      throw error;
    });
  }

  static async #on(installation: TestInstallation): Promise<Stage> {
    const scene = new Scene(installation);
    const backbone = await scene.backbone('hardened');
    const [east, west] = await Promise.all([
      scene.backboneSite(backbone, 'east'),
      scene.backboneSite(backbone, 'west'),
    ]);
    await scene.link(east, west);
    const network = await scene.network(backbone, 'hardened');
    const invited = async (name: string, instanceLimit = 1, at = east) => {
      const resource = await scene.invitation(network, {
        name,
        instanceLimit,
        claimAccessPoints: [at.accessPoints.claim.id],
        memberAccessPoints: [at.accessPoints.member.id],
      });
      return { resource, file: await scene.invitationFile(resource) };
    };
    const joined = async (name: string, at: BackboneSiteOnStage) => {
      const site = await scene.site(name, (await invited(name, 1, at)).file);
      await site.connected();
      return site;
    };
    const [client, server, invitation, bootstrap] = await Promise.all([
      joined('client', east),
      joined('server', west),
      invited('anybody', 1_000),
      onPaper(scene, installation, backbone),
    ]);
    const claimant = await connectAsSite(installation, invitation.file.certificate);
    const member = await memberBy(installation, claimant, invitation.resource);
    const echo = createServer((request, response) => response.end(`heard ${request.url}`));
    await new Promise<void>((resolve) => echo.listen(0, LOOPBACK, resolve));
    const port = (echo.address() as AddressInfo).port;
    await server.api()!.call(openSiteConnector, { body: { address: 'echo', port } });
    const listenerPort = await installation.ports.choose('echo listener');
    await client.api()!.call(openSiteListener, { body: { address: 'echo', port: listenerPort } });
    const at = { east, west };
    const ends = [claimant, member, bootstrap, listenerPort, echo] as const;
    await eventually('a request crosses the network', () => crossed(listenerPort));
    return new Stage(installation, scene, at, network, client, server, invitation, ...ends);
  }

  get token(): string {
    return this.installation.token;
  }

  /** Where a site's local API is, and its token. */
  localApi({ dir }: Pick<TestSite, 'dir'>): { readonly url: string; readonly token: string } {
    const { url, tokenFile } = JSON.parse(readFileSync(`${dir}/api.json`, 'utf8')) as {
      url: string;
      tokenFile: string;
    };
    return { url, token: readFileSync(tokenFile, 'utf8').trim() };
  }

  /** The end of the log, from the server itself: what services know of it may be a moment old. */
  async position(): Promise<number> {
    const answer = await fetch(
      `http://${LOOPBACK}:${this.installation.portOf('nats monitor')}/jsz?accounts=true&streams=true`,
    );
    const { account_details: accounts } = (await answer.json()) as JetStream;
    const log = accounts.flatMap(({ stream_detail: streams }) => streams ?? []).find(({ name }) => name === LOG_STREAM);
    if (!log) throw new Error('nats-server knows of no log');
    return log.state.last_seq;
  }

  request(): Promise<boolean> {
    return crossed(this.listenerPort);
  }

  claim(csr = newKey('honest').csr): Promise<Record<string, unknown>> {
    return ask(this.claimant, claimSubject(this.invitation.resource.id), { capability: CAPABILITY, csr });
  }

  /** What must be true after everything: in words what is not. */
  async wrong(): Promise<string[]> {
    const now = processes();
    const ended = [...this.#pids].filter(([pid]) => !now.has(pid)).map(([pid, what]) => `${what} (${pid}) has ended`);
    const status = await this.scene.api.call(getStatus, {});
    const parts = status.parts.filter(({ status: is }) => is !== 'ok').map(({ name, detail }) => `${name}: ${detail}`);
    const health = await Promise.all(
      Object.entries(this.installation.plane.healthPorts).map(async ([service, port]) => {
        const answer = await fetch(`http://${LOOPBACK}:${port}/readyz`);
        return answer.ok ? [] : [`${service}: ${await answer.text()}`];
      }),
    );
    return [...ended, ...parts, ...health.flat()];
  }

  /** That nothing halts is known when everything is read again. */
  rebuild(): Promise<{ readonly position: number }> {
    return this.scene.api.call(rebuildProjections, {});
  }

  async strike(): Promise<void> {
    this.echo.closeAllConnections();
    this.echo.close();
    await Promise.all([this.claimant, this.member.nats, this.bootstrap.nats].map((nats) => nats.close()));
    await this.installation.stop();
  }
}

async function crossed(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://${LOOPBACK}:${port}/hello`, { signal: AbortSignal.timeout(10_000) });
    return (await answer.text()) === 'heard /hello';
  } catch {
    return false; // not yet, or not any more: whoever asks says how long that may be
  }
}
