import { randomUUID } from 'node:crypto';
import { ApiError, createBackbone, createBundle, createSiteClass, revokeInvitation } from '@caravan/api';
import { createAccessPoint, getStatus, listBackbones } from '@caravan/api';
import type { Backbone, BackboneSite, Invitation, Network } from '@caravan/api';
import { backboneSiteStream, backboneStream, certificateStream } from '@caravan/events';
import { InvitationIssued, invitationStream, networkStream } from '@caravan/events';
import type { StreamName } from '@caravan/events';
import { connectAsService, eventually, newKey, Scene, TestInstallation } from '@caravan/testing/installation';
import { Pool } from 'pg';
import { LogOfTest } from './log-of-test.js';

/** An entry that nobody can read, and what becomes of it. */
export interface Poison {
  readonly position: number;
  readonly stream: StreamName;
  readonly why: RegExp;
  /** Whether another version might read it. */
  readonly newer: boolean;
  /** Who halts before it: `<service>/<part of its status>`. */
  readonly halts: readonly string[];
  /** The reactions that put it aside. */
  readonly quarantined: readonly string[];
  /** What needs its aggregate; absent: nobody knows of it. */
  readonly command?: () => Promise<unknown>;
}

const LISTS = 'management-controller/read models';
const REVOCATIONS = 'cert-service/revocations';
const DIRECTORY = 'management-controller/directory';
const DESIRED = 'router-config/desired state';

/** A management plane with a little history, and the hands that poison it. */
export class PoisonStage {
  private constructor(
    readonly installation: TestInstallation,
    readonly scene: Scene,
    readonly pool: Pool,
    private readonly own: LogOfTest,
    private readonly certs: LogOfTest,
    private readonly backbone: Backbone,
    private readonly site: BackboneSite,
    private readonly network: Network,
    private readonly invitation: Invitation,
  ) {}

  static async set(): Promise<PoisonStage> {
    const only = ['management-controller', 'cert-service', 'router-config'] as const;
    const installation = await TestInstallation.start({ only });
    try {
      const scene = new Scene(installation);
      const backbone = await scene.backbone('poisoned');
      const { resource: site } = await scene.siteOnPaper(backbone, 'nowhere');
      const params = { backboneId: backbone.id, siteId: site.id };
      for (const kind of ['claim', 'member'] as const) {
        const body = { name: kind, kind, bindHost: '127.0.0.1', host: '127.0.0.1', port: 1 };
        await scene.api.call(createAccessPoint, { params, body });
      }
      const network = await scene.network(backbone, 'poisoned');
      const invitation = await scene.invitation(await scene.network(backbone, 'other'), { name: 'poisoned' });
      const pool = new Pool({ connectionString: installation.environmentOf('management-controller')['DATABASE_URL']! });
      pool.on('error', () => undefined);
      const own = new LogOfTest(await connectAsService(installation, 'management-controller'));
      const certs = new LogOfTest(await connectAsService(installation, 'cert-service'));
      return new PoisonStage(installation, scene, pool, own, certs, backbone, site, network, invitation);
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  async strike(): Promise<void> {
    await Promise.all([this.own.close(), this.certs.close(), this.pool.end()]);
    await this.installation.stop();
  }

  /** Garbage, an unknown type, a future version, and a payload that is none, each where its service may write. */
  async poison(): Promise<Poison[]> {
    const { api } = this.scene;
    const [network, site, invitation] = [this.network, this.site, this.invitation];
    const params = { networkId: network.id };
    const siteParams = { backboneId: site.backboneId, siteId: site.id };
    const invitationParams = { networkId: invitation.networkId, invitationId: invitation.id };
    const garbage = await this.own.publish(networkStream(network.id), 'garbage');
    const unknown = await this.own.publishEvent(backboneSiteStream(site.id), {
      type: 'BackboneSitePainted',
      version: 1,
    });
    const future = await this.own.publishEvent(invitationStream(invitation.id), {
      type: 'InvitationIssued',
      version: 99,
    });
    const unfit = await this.certs.publishEvent(certificateStream(randomUUID()), {
      type: 'CertificateIssued',
      version: 1,
    });
    return [
      {
        ...garbage,
        why: /JSON/,
        newer: false,
        halts: [LISTS, DIRECTORY, DESIRED],
        quarantined: ['cert-service-authorities', 'management-controller-opening'],
        command: () => api.call(createSiteClass, { params, body: { name: `class-${Date.now()}` } }),
      },
      {
        ...unknown,
        why: /no event BackboneSitePainted is declared/,
        newer: true,
        halts: [LISTS, DIRECTORY],
        quarantined: ['cert-service-issuing'],
        command: () => api.call(createBundle, { params: siteParams, body: { csr: newKey('again').csr } }),
      },
      {
        ...future,
        why: new RegExp(`version 99 is newer than ${InvitationIssued.version}\\b`),
        newer: true,
        halts: [LISTS, DIRECTORY, DESIRED, REVOCATIONS],
        quarantined: ['cert-service-issuing', 'management-controller-opening'],
        command: () => api.call(revokeInvitation, { params: invitationParams }),
      },
      {
        ...unfit,
        why: /CertificateIssued breaks its schema/,
        newer: false,
        halts: [LISTS, DESIRED],
        quarantined: [],
      },
    ];
  }

  /** `done`, or how it was refused. A certificate that is not signed yet is no refusal. */
  async command({ command = () => Promise.resolve() }: Poison): Promise<unknown> {
    return eventually('the command is answered', () =>
      command().then(
        () => 'done',
        (error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
          return error.problem.code === 'certificate.pending' ? undefined : error.problem;
        },
      ),
    );
  }

  async makeBackbone(name: string): Promise<unknown> {
    return this.scene.api
      .call(createBackbone, { body: { name } })
      .catch((error: unknown) => (error as ApiError).problem);
  }

  async backbones(): Promise<readonly string[]> {
    return (await this.scene.api.call(listBackbones, {})).items.map(({ name }) => name);
  }

  /** How many authorities the log has. */
  async authorities(): Promise<number> {
    return Object.keys(await this.own.subjects('caravan.evt.trust.authority.*')).length;
  }

  /** What cert-service has said, by stream. */
  trust(): Promise<Record<string, number>> {
    return this.own.subjects('caravan.evt.trust.>');
  }

  /** An entry that everybody can read. */
  async goodEntry(): Promise<number> {
    return this.own.first(backboneStream(this.backbone.id));
  }

  /** Has an entry that was handled appear in the quarantine, and gives its position. */
  async putAside(reaction: string): Promise<number> {
    const stream = backboneStream(this.backbone.id);
    const position = await this.own.first(stream);
    await this.pool.query(
      `INSERT INTO pki.reaction_quarantine (reaction, position, stream, reason) VALUES ($1, $2, $3, 'a test')`,
      [reaction, position, stream],
    );
    return position;
  }

  /** What operators decided, in the order of the log, with their reasons for what they discarded. */
  async decisions(): Promise<string[]> {
    const commits = await this.own.commits('caravan.evt.operations.>');
    return commits.flatMap(({ events, reason }) =>
      events.map(({ type }) => (type === 'QuarantinedEntryDiscarded' ? `${type} ${reason}` : type)),
    );
  }

  /** Waits until everybody has dealt with the whole log, and gives its end. */
  settled(): Promise<number> {
    return eventually('everybody is at the end of the log', async () => {
      const { logEnd, followers } = await this.scene.api.call(getStatus, {});
      return followers.every(({ behind }) => behind === 0) ? (logEnd ?? undefined) : undefined;
    });
  }
}
