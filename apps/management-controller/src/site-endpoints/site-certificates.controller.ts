import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { CertificateItem } from '@caravan/data-plane';
import { certificateRequestSchema, sitePattern } from '@caravan/events';
import type { Actor, CertificateReply, CertificateRequest } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { CLOCK, derivedId, Message, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { CertificateAges, itemOwner } from '../certificates/certificate-ages.js';
import { chainOf, Issuing } from '../certificates/issuing.js';
import { Deciders } from '../deciding/deciders.js';
import { DesiredState } from '../desired-state/desired-state.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { siteMetadata } from '../deciding/metadata.js';

const SIGNED_WITHIN_MS = 3_000;
const RETRY_AFTER_MS = 500;

/** Certificates that a site's desired state tells it to hold. What is in them comes from there; from the site comes the key. */
@Controller()
export class SiteCertificatesController {
  constructor(
    private readonly deciders: Deciders,
    private readonly directory: CurrentDirectory,
    private readonly desiredState: DesiredState,
    private readonly issuing: Issuing,
    private readonly ages: CertificateAges,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @MessagePattern(sitePattern('certificate'))
  async request(
    @SubjectId() siteId: string,
    @Message(certificateRequestSchema) { itemId, ordinal, csr }: CertificateRequest,
  ): Promise<CertificateReply> {
    const claimantKey = readCsr(csr).publicKeyFingerprint;
    const item = await this.itemFor(siteId, itemId, ordinal);
    const certificateId = derivedId('site certificate', siteId, itemId, String(ordinal), claimantKey);
    await this.record(siteId, item, { certificateId, claimantKey, csr });
    const issued = await this.issuing.within(SIGNED_WITHIN_MS, certificateId);
    if (!issued) return { status: 'pending', retryAfterMs: RETRY_AFTER_MS };
    return { status: 'issued', certificateId, chain: chainOf(issued) };
  }

  /** What its desired state asks for; or the next of that, once what it has is old enough. */
  private async itemFor(siteId: string, itemId: string, ordinal: number): Promise<CertificateItem> {
    const { items } = await this.desiredState.of('site', siteId, 0);
    const wanted = items.find((each) => each.kind === 'certificate' && each.id === itemId) ?? ownOf(itemId);
    if (wanted?.kind === 'certificate' && wanted.ordinal === ordinal) return wanted;
    if (wanted?.kind === 'certificate' && wanted.ordinal + 1 === ordinal) {
      await this.ages.requireOld(siteId, wanted, this.clock.now());
      return { ...wanted, ordinal };
    }
    const detail = `This site is not to hold ${itemId} with ordinal ${ordinal}; ask for its desired state first.`;
    throw new Rejection('certificate.not-asked-for', { detail });
  }

  private async record(
    siteId: string,
    { id, purpose, ordinal, hosts }: CertificateItem,
    asked: CertificateAsked,
  ): Promise<void> {
    const ownerId = itemOwner(id);
    const metadataOf = (kind: Actor['kind']): CommandMetadata => {
      const what = ['site certificate', siteId, id, String(ordinal), asked.claimantKey] as const;
      return siteMetadata({ kind, id: siteId }, [...what], this.clock.now());
    };
    switch (purpose) {
      case 'site':
        return this.recordOwn(siteId, { ordinal, ...asked }, metadataOf);
      case 'access-point': {
        const { backboneId } = await this.backboneSite(siteId);
        const request = { siteId, backboneId, accessPointId: ownerId, ordinal, hosts, ...asked };
        const metadata = metadataOf('backbone-site');
        await this.deciders.backboneSite({ type: 'RequestAccessPointCertificate', ...request, metadata });
        return;
      }
      case 'manage-link': {
        const request = { siteId, backboneId: ownerId, ordinal, ...asked, metadata: metadataOf('management-site') };
        await this.deciders.managementSite({ type: 'RequestManageLinkCertificate', ...request });
        return;
      }
      default:
        return assertNever(purpose);
    }
  }

  /** What the site is known by: the first one was had by joining. */
  private async recordOwn(
    siteId: string,
    asked: CertificateAsked & { readonly ordinal: number },
    metadataOf: (kind: Actor['kind']) => CommandMetadata,
  ): Promise<void> {
    if (asked.ordinal === 1) throw new Rejection('certificate.not-asked-for', { detail: 'It is had by joining.' });
    const site = await this.directory.find(({ joinedSites }) => joinedSites, siteId);
    if (!site) return this.recordManagementSite(siteId, { ...asked, metadata: metadataOf('management-site') });
    const metadata = metadataOf(site.kind);
    if (site.kind === 'member') {
      await this.deciders.member({ type: 'RequestMemberCertificate', memberId: siteId, ...asked, metadata });
    } else {
      const { backboneId } = site;
      await this.deciders.backboneSite({ type: 'RequestSiteCertificate', siteId, backboneId, ...asked, metadata });
    }
  }

  private async recordManagementSite(
    siteId: string,
    asked: CertificateAsked & { readonly ordinal: number; readonly metadata: CommandMetadata },
  ): Promise<void> {
    const isThere = await this.directory.find(({ managementSites }) => managementSites, siteId);
    if (!isThere) throw new Rejection('site.unknown', { siteId });
    await this.deciders.managementSite({ type: 'RequestManagementSiteCertificate', siteId, ...asked });
  }

  private async backboneSite(siteId: string): Promise<{ readonly backboneId: string }> {
    const site = await this.directory.find(({ backboneSites }) => backboneSites, siteId);
    if (!site) throw new Rejection('backbone-site.unknown', { siteId });
    return site;
  }
}

/** What a site is known by has no item before its second ordinal: the first was had by joining. */
const ownOf = (itemId: string): CertificateItem | undefined =>
  itemId === SITE_CERTIFICATE ? { kind: 'certificate', id: itemId, purpose: 'site', ordinal: 1, hosts: [] } : undefined;

interface CertificateAsked {
  readonly certificateId: string;
  readonly claimantKey: string;
  readonly csr: string;
}
