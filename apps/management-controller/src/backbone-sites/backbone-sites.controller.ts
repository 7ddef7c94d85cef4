import { Controller, Inject } from '@nestjs/common';
import {
  createBackboneSite,
  createBundle,
  deleteBackboneSite,
  getBackboneSite,
  listBackboneSites,
  renameBackboneSite,
} from '@caravan/api';
import type { BackboneSite } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, readCsr } from '@caravan/pki';
import { requireSignedAuthority } from '../authority-requests/awaited.js';
import { anyHost } from '../backbones/addresses.js';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import type { BackboneSiteRow } from '../backbones/backbone-site.projection.js';
import { chainOf, Issuing } from '../certificates/issuing.js';
import { controlTrust } from '../certificates/control-trust.js';
import { LockedOut } from '../certificates/locked-out.js';
import { shown } from '../link-certificates/link-certificate.js';
import { Deciders } from '../deciding/deciders.js';
import { DesiredState } from '../desired-state/desired-state.js';
import { INSTALLATION } from '../installation.js';
import { ReadModels } from '../read-models/read-models.js';
import { SiteSightings } from '../reports/site-sightings.js';
import { requireInTime } from '../site-endpoints/former-certificate.js';
import { RECOVERY_WITHIN_MS } from '../site-endpoints/recoveries.js';
import { requireWayIn } from './way-in.js';

const SIGNED_WITHIN_MS = 10_000;

@Controller()
export class BackboneSitesController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly sightings: SiteSightings,
    private readonly issuing: Issuing,
    private readonly desiredState: DesiredState,
    private readonly lockedOut: LockedOut,
    @Inject(INSTALLATION) private readonly installation: string,
    @Inject(RECOVERY_WITHIN_MS) private readonly recoveryWithinMs: number,
  ) {}

  @Handle(createBackboneSite)
  async create(@TheCall() { params: { backboneId }, body, metadata, idFor }: Call<typeof createBackboneSite>) {
    const siteId = idFor('backbone-site');
    const { position } = await this.deciders.backbone({ type: 'AddSite', backboneId, siteId, ...body, metadata });
    return new Written(position, () => this.read(backboneId, siteId));
  }

  @Handle(listBackboneSites)
  async list(@TheCall() { params: { backboneId }, query }: Call<typeof listBackboneSites>) {
    const { items, next } = await this.readModels.backboneSites.page({ backboneId }, query);
    return { items: await this.resources(items), next };
  }

  @Handle(getBackboneSite)
  get(@TheCall() { params }: Call<typeof getBackboneSite>) {
    return this.read(params.backboneId, params.siteId);
  }

  @Handle(renameBackboneSite)
  async rename(@TheCall() { params, body, metadata }: Call<typeof renameBackboneSite>) {
    const { position } = await this.deciders.backbone({ type: 'RenameSite', ...params, ...body, metadata });
    return new Written(position, () => this.read(params.backboneId, params.siteId));
  }

  @Handle(deleteBackboneSite)
  async delete(@TheCall() { params, metadata }: Call<typeof deleteBackboneSite>) {
    const { position } = await this.deciders.backbone({ type: 'RemoveSite', ...params, metadata });
    return new Written(position);
  }

  @Handle(createBundle)
  async bundle(
    @TheCall() { params: { backboneId, siteId }, body: { csr }, metadata, idFor }: Call<typeof createBundle>,
  ) {
    const site = await this.find(backboneId, siteId);
    const backbone = await this.readModels.backbones.find({ id: backboneId });
    readCsr(csr); // whoever asks must have the key
    const recovers = site.status === 'enrolled' && (await this.mayComeBack(siteId, metadata.now));
    if (site.status !== 'enrolled' || recovers) await requireWayIn(this.readModels, site);
    await requireSignedAuthority(this.readModels, { backboneId });
    const certificateId = idFor('bundle');
    const hosts = await this.manageHosts(siteId);
    const request = { siteId, backboneId, certificateId, hosts, csr, recovers, metadata };
    await this.deciders.backboneSite({ type: 'RequestBundle', ...request });
    const issued = await this.issuing.required(SIGNED_WITHIN_MS, certificateId);
    const { items } = await this.desiredState.of('bootstrap', siteId, issued.position);
    return new Written(issued.position, async () => ({
      position: issued.position,
      installation: this.installation,
      site: { id: siteId, name: site.name, backboneId, backboneName: backbone?.name ?? '' },
      control: await controlTrust(this.readModels),
      items: [...items],
      chain: chainOf(issued),
    }));
  }

  /** Whether a site that enrolled cannot come in any more by what it has, and may come back. @throws Rejection `recovery.too-late` */
  private async mayComeBack(siteId: string, now: Date): Promise<boolean> {
    const all = await this.readModels.certificates.all({ holderKind: 'backbone-site', holderId: siteId });
    const newest = all.sort((one, other) => one.ordinal - other.ordinal).at(-1);
    if (!newest || !(await this.lockedOut.holds(newest, now))) return false;
    requireInTime(newest.notAfter, { withinMs: this.recoveryWithinMs, now });
    return true;
  }

  private async manageHosts(siteId: string): Promise<string[]> {
    const accessPoints = await this.readModels.accessPoints.all({ siteId, kind: 'manage' });
    const hosts = accessPoints.map(({ host, bindHost }) => host ?? bindHost).filter((host) => !anyHost.has(host));
    return [...new Set(hosts)];
  }

  private async read(backboneId: string, siteId: string): Promise<BackboneSite> {
    const [resource] = await this.resources([await this.find(backboneId, siteId)]);
    return resource as BackboneSite;
  }

  private async find(backboneId: string, siteId: string): Promise<BackboneSiteRow> {
    const row = await this.readModels.backboneSites.find({ id: siteId, backboneId });
    if (!row) throw new Rejection('backbone-site.unknown', { siteId });
    return row;
  }

  private async resources(rows: readonly BackboneSiteRow[]): Promise<BackboneSite[]> {
    const seen = await this.sightings.lastSeen(rows.map(({ id }) => id));
    return rows.map(({ createdPosition: _, proof, linkCertificates, ...row }) => ({
      ...row,
      proof: proof && { ...proof, trust: proof.trust.map((pem) => describeCertificate(pem).subject) },
      linkCertificates: shown(linkCertificates),
      lastSeenAt: seen.get(row.id) ?? null,
    }));
  }
}
