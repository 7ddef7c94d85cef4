import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  apiClient,
  ApiError,
  createAccessPoint,
  createBackbone,
  createBackboneSite,
  createBundle,
  createInvitation,
  createInvitationCredential,
  createLink,
  createNetwork,
  getBackbone,
  getNetwork,
  listAccessPoints,
} from '@caravan/api';
import type {
  AccessPoint,
  ApiClient,
  Backbone,
  BackboneSite,
  BodyOf,
  BundleFile,
  Invitation,
  InvitationFile,
  Network,
} from '@caravan/api';
import { newKey } from './simulated-site.js';
import type { TestInstallation } from './test-installation.js';
import { TestSite } from './test-site.js';
import { eventually } from '../eventually.js';

const LOOPBACK = '127.0.0.1';
const KINDS = ['manage', 'peer', 'claim', 'member'] as const;

export interface BackboneSiteOnStage {
  readonly resource: BackboneSite;
  readonly accessPoints: Readonly<Record<(typeof KINDS)[number], AccessPoint>>;
  readonly site: TestSite;
}

/** Builds what a suite stands on, through the API as anybody would. */
export class Scene {
  readonly api: ApiClient;

  constructor(readonly installation: TestInstallation) {
    this.api = apiClient({ url: installation.plane.apiUrl, token: installation.token });
  }

  async backbone(name: string): Promise<Backbone> {
    const { id } = await this.api.call(createBackbone, { body: { name } });
    return eventually(`backbone ${name} is ready`, async () => {
      const backbone = await this.api.call(getBackbone, { params: { backboneId: id } });
      return backbone.status === 'ready' ? backbone : undefined;
    });
  }

  /**
   * A backbone site with an access point of every kind, running and connected. `anyPort`: its relay finds the ports itself, but
   * that of the `manage` access point, which is where it is heard of first.
   */
  async backboneSite(
    { id: backboneId }: Backbone,
    name: string,
    { anyPort = false } = {},
  ): Promise<BackboneSiteOnStage> {
    const params = { backboneId };
    const resource = await this.api.call(createBackboneSite, { params, body: { name } });
    for (const kind of KINDS) {
      const isAny = anyPort && kind !== 'manage';
      const bindPort = isAny ? 0 : await this.installation.ports.choose(`${backboneId} ${name} ${kind}`);
      const address = kind === 'manage' ? { host: LOOPBACK, port: bindPort } : {};
      const body = { name: kind, kind, bindHost: LOOPBACK, bindPort, ...address };
      await this.api.call(createAccessPoint, { params: { backboneId, siteId: resource.id }, body });
    }
    const site = await this.site(name, await this.bundle(resource));
    await site.connected();
    const accessPoints = await eventually(`${name} has reported its ports`, async () => {
      const { items } = await this.api.call(listAccessPoints, { params, query: { siteId: resource.id } });
      return items.every(({ port }) => port !== null) ? items : undefined;
    });
    const byKind = Object.fromEntries(accessPoints.map((accessPoint) => [accessPoint.kind, accessPoint]));
    return { resource, accessPoints: byKind as BackboneSiteOnStage['accessPoints'], site };
  }

  /** A backbone site that nobody runs, and the bundle that would set it up. */
  async siteOnPaper({ id: backboneId }: { id: string }, name: string) {
    const resource = await this.api.call(createBackboneSite, { params: { backboneId }, body: { name } });
    return { resource, bundle: await this.bundle(resource) };
  }

  async link(from: BackboneSiteOnStage, to: BackboneSiteOnStage, cost = 1): Promise<void> {
    const { backboneId } = from.resource;
    const body = { siteId: from.resource.id, accessPointId: to.accessPoints.peer.id, cost };
    await this.api.call(createLink, { params: { backboneId }, body });
  }

  /** A network whose invitations can be handed out, whether it has started or not. */
  async network(
    backbone: Backbone,
    name: string,
    window: Pick<BodyOf<typeof createNetwork>, 'startsAt' | 'endsAt'> = {},
  ): Promise<Network> {
    const { id } = await this.api.call(createNetwork, { body: { name, backboneId: backbone.id, ...window } });
    return eventually(`network ${name} has its authorities`, async () => {
      const network = await this.api.call(getNetwork, { params: { networkId: id } });
      return network.status === 'establishing' ? undefined : network;
    });
  }

  invitation(network: Network, body: BodyOf<typeof createInvitation>): Promise<Invitation> {
    return this.api.call(createInvitation, { params: { networkId: network.id }, body });
  }

  /** A member site with an invitation of its own, linked to these backbone sites, the preferred first. */
  async member(network: Network, name: string, ...at: BackboneSiteOnStage[]): Promise<TestSite> {
    const pointsOf = (kind: 'claim' | 'member') => at.map(({ accessPoints }) => accessPoints[kind].id);
    const [claimAccessPoints, memberAccessPoints] = [pointsOf('claim'), pointsOf('member')];
    const invitation = await this.invitation(network, { name, claimAccessPoints, memberAccessPoints });
    const site = await this.site(name, await this.invitationFile(invitation));
    await site.connected();
    return site;
  }

  /** What `caravan invite --download` writes. */
  async invitationFile({ id: invitationId, networkId, name }: Invitation): Promise<InvitationFile> {
    const { csr, key } = newKey(name);
    const { chain, ...rest } = await whenReady(() =>
      this.api.call(createInvitationCredential, { params: { networkId, invitationId }, body: { csr } }),
    );
    return { format: 'caravan.invitation', version: 1, ...rest, certificate: { chain, key } };
  }

  /** What `caravan bundle` writes. */
  async bundle({ id: siteId, backboneId, name }: BackboneSite): Promise<BundleFile> {
    const { csr, key } = newKey(name);
    const { chain, ...rest } = await whenReady(() =>
      this.api.call(createBundle, { params: { backboneId, siteId }, body: { csr } }),
    );
    return { format: 'caravan.bundle', version: 1, ...rest, certificate: { chain, key } };
  }

  /** A site of its own: a supervisor, a site-controller and a relay, in a directory of its own. */
  site(name: string, file: InvitationFile | BundleFile): Promise<TestSite> {
    const path = join(this.installation.state.secrets, `${name}.site.json`);
    writeFileSync(path, JSON.stringify(file), { mode: 0o600 });
    return TestSite.start(this.installation, name, path);
  }
}

/** A certificate that is not signed yet is asked for again; everything else is what it is. */
const whenReady = <T>(call: () => Promise<T>): Promise<T> =>
  eventually('the certificate is signed', () =>
    call().catch((error: unknown) => {
      if (error instanceof ApiError && error.problem.code === 'certificate.pending') return undefined;
      throw error;
    }),
  );
