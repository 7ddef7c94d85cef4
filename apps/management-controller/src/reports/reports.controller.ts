import { isDeepStrictEqual } from 'node:util';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { observationSchema } from '@caravan/data-plane';
import type { ItemState, Observation } from '@caravan/data-plane';
import { reportSchema, sitePattern } from '@caravan/events';
import type { Report, SuppliedProof } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, PkiError } from '@caravan/pki';
import { CLOCK, Message, parsed, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { anyHost } from '../backbones/addresses.js';
import { isSameProof } from '../backbone-sites/backbone-site.js';
import { Deciders } from '../deciding/deciders.js';
import { Directory } from '../directory/directory.js';
import type { AccessPointEntry } from '../directory/entries.js';
import { siteMetadata } from '../deciding/metadata.js';
import { judgeLinkCertificates } from '../link-certificates/link-certificate.js';
import type { ReportedLinkCertificate } from '../link-certificates/link-certificate.js';
import { SiteSightings } from './site-sightings.js';

/** Sites say what they observe. Most of it is live; where an access point is reached and what proves it are decisions, and become events. */
@Controller()
export class ReportsController {
  constructor(
    private readonly sightings: SiteSightings,
    private readonly deciders: Deciders,
    private readonly directory: Directory,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern(sitePattern('report'))
  async report(@SubjectId() siteId: string, @Message(reportSchema) report: Report): Promise<{ ok: true }> {
    const observation: Observation = parsed(observationSchema, report.observation);
    await this.sightings.record(siteId, { ...report, observation }, this.clock.now());
    for (const { accessPointId, entry, port } of this.ports(siteId, observation)) {
      await this.address(accessPointId, entry, hostOf(entry, report.host), port);
    }
    if (report.proof !== undefined) await this.prove(siteId, report.proof);
    if (report.linkCertificates) await this.links(siteId, report.linkCertificates);
    return { ok: true };
  }

  /** Of a backbone site alone: nobody dials another. */
  private async prove(siteId: string, proof: SuppliedProof | null): Promise<void> {
    const entry = this.directory.backboneSites.get(siteId);
    if (!entry || isSameProof(entry.proof, proof)) return;
    for (const pem of proof?.trust ?? []) requireAuthority(pem);
    const now = this.clock.now();
    const { backboneId } = entry;
    const what = ['access point proof', siteId, proof?.fingerprint ?? 'none', now.toISOString()] as const;
    const metadata = siteMetadata({ kind: 'backbone-site', id: siteId }, [...what], now);
    await this.deciders.backboneSite({ type: 'SupplyProof', siteId, backboneId, proof, metadata });
  }

  /** @throws Rejection `link-certificate.unfit` once those that fit have been taken. */
  private async links(siteId: string, reported: readonly ReportedLinkCertificate[]): Promise<void> {
    const member = this.directory.members.peek(siteId);
    const site = member ? undefined : this.directory.backboneSites.peek(siteId);
    const known = (member ?? site)?.linkCertificates;
    if (!known) return; // who is not known yet, while the directory is behind or stands still, reports again
    const { linkCertificates, unfit } = judgeLinkCertificates(siteId, reported, known);
    if (!isDeepStrictEqual(linkCertificates, known)) {
      const now = this.clock.now();
      const these = linkCertificates.map(({ linkId, fingerprint }) => `${linkId} ${fingerprint}`);
      const by = { kind: member ? 'member' : 'backbone-site', id: siteId } as const;
      const metadata = siteMetadata(by, ['link certificates', siteId, ...these, now.toISOString()], now);
      const told = { linkCertificates, metadata };
      if (member) await this.deciders.member({ type: 'SupplyMemberLinkCertificates', memberId: siteId, ...told });
      else if (site)
        await this.deciders.backboneSite({
          ...{ type: 'SupplyLinkCertificates', siteId, backboneId: site.backboneId },
          ...told,
        });
    }
    if (unfit) throw unfit;
  }

  private *ports(siteId: string, { items }: Observation) {
    for (const [key, state] of Object.entries(items)) {
      const [kind, accessPointId = ''] = key.split('/');
      const entry = this.directory.accessPoints.get(accessPointId);
      if (kind !== 'access-point' || entry?.siteId !== siteId) continue;
      const port = portOf(entry, state);
      if (port !== undefined) yield { accessPointId, entry, port };
    }
  }

  private async address(id: string, entry: AccessPointEntry, host: string | undefined, port: number): Promise<void> {
    if (host === undefined || entry.byOperator || (entry.host === host && entry.port === port)) return;
    const now = this.clock.now();
    const what = ['access point address', id, host, String(port), now.toISOString()] as const;
    await this.deciders.backbone({
      type: 'AddressAccessPoint',
      backboneId: entry.backboneId,
      accessPointId: id,
      host,
      port,
      reportedBy: entry.siteId,
      metadata: siteMetadata({ kind: 'backbone-site', id: entry.siteId }, [...what], now),
    });
  }
}

/** What others are told to trust is read before it is told: one that cannot be would take down every link to the site. */
function requireAuthority(pem: string): void {
  try {
    const { subject, isCa } = describeCertificate(pem);
    if (!isCa) throw new Rejection('site-server.unfit', { detail: `${subject} is no authority` });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new Rejection('site-server.unfit', { detail: error.message });
  }
}

/**
 * The port that was bound. Bound to all hosts it listens only once it has a certificate, and gets that only for a host: where the
 * port was chosen, it has its address before it listens.
 */
const portOf = ({ bindHost, bindPort }: AccessPointEntry, { state, port }: ItemState): number | undefined =>
  port ?? (state === 'waiting' && anyHost.has(bindHost) && bindPort !== 0 ? bindPort : undefined);

/** Bound to one address it is reached there; bound to all, only the site's platform knows where. */
const hostOf = ({ bindHost }: AccessPointEntry, reported: string | null): string | undefined =>
  anyHost.has(bindHost) ? (reported ?? undefined) : bindHost;
