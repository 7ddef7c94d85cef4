import { Controller } from '@nestjs/common';
import { getCertificate, listAuthorities, listCertificates, renewCertificate } from '@caravan/api';
import type { Authority, Certificate } from '@caravan/api';
import type { Holder } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { CommandMetadata } from '@caravan/event-store';
import { parseIdentity } from '@caravan/pki';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import type { AuthorityRow } from './authority.projection.js';
import type { CertificateRow } from './certificate.projection.js';

@Controller()
export class CertificatesController {
  constructor(
    private readonly readModels: ReadModels,
    private readonly deciders: Deciders,
  ) {}

  @Handle(listAuthorities)
  async authorities(@TheCall() { query }: Call<typeof listAuthorities>) {
    const { items, next } = await this.readModels.authorities.page({}, query);
    return { items: items.map(authority), next };
  }

  @Handle(listCertificates)
  async list(@TheCall() { query: { holderKind, holderId, ...page } }: Call<typeof listCertificates>) {
    const where = { ...(holderKind && { holderKind: holderKind as Holder['kind'] }), ...(holderId && { holderId }) };
    const { items, next } = await this.readModels.certificates.page(where, page);
    return { items: items.map(certificate), next };
  }

  /** The site hears of it by its desired state, and asks when it is there. */
  @Handle(renewCertificate)
  async renew(@TheCall() { params: { certificateId }, metadata }: Call<typeof renewCertificate>) {
    const row = await this.find(certificateId);
    const { holderKind, holderId } = row;
    const ordinal = row.ordinal + 1;
    const ofHolder = await this.readModels.certificates.all({ holderKind, holderId });
    if (ofHolder.some((other) => other.identity === row.identity && other.ordinal >= ordinal)) {
      const detail = 'There is a newer certificate of this holder: renew that.';
      throw new Rejection('certificate.superseded', { detail, ordinal: row.ordinal });
    }
    const position = await this.require(row, ordinal, metadata);
    return new Written(position, () => Promise.resolve({ certificateId, holderKind, holderId, ordinal }));
  }

  @Handle(getCertificate)
  async get(@TheCall() { params: { certificateId } }: Call<typeof getCertificate>) {
    return certificate(await this.find(certificateId));
  }

  private async find(certificateId: string): Promise<CertificateRow> {
    const row = await this.readModels.certificates.find({ id: certificateId });
    if (!row) throw new Rejection('certificate.unknown', { certificateId });
    return row;
  }

  private async require(row: CertificateRow, ordinal: number, metadata: CommandMetadata): Promise<number> {
    const identity = row.identity === null ? undefined : parseIdentity(row.identity);
    const what = { ordinal, metadata };
    switch (identity?.kind) {
      case 'member': {
        const { memberId } = identity;
        return (await this.deciders.member({ type: 'RequireMemberCertificate', memberId, ...what })).position;
      }
      case 'backbone-site': {
        const { siteId, backboneId } = identity;
        const site = await this.readModels.backboneSites.find({ id: siteId });
        if (!site) throw notRenewable('Its site was removed.');
        const command = { type: 'RequireSiteCertificate', siteId, backboneId, ...what } as const;
        return (await this.deciders.backboneSite(command)).position;
      }
      case 'access-point': {
        const { accessPointId, backboneId } = identity;
        const accessPoint = await this.readModels.accessPoints.find({ id: accessPointId });
        if (!accessPoint) throw notRenewable('Its access point was removed.');
        const of = { siteId: accessPoint.siteId, backboneId, accessPointId };
        const command = { type: 'RequireAccessPointCertificate', ...of, ...what } as const;
        return (await this.deciders.backboneSite(command)).position;
      }
      case 'manage-link': {
        const { siteId, backboneId } = identity;
        const command = { type: 'RequireManageLinkCertificate', siteId, backboneId, ...what } as const;
        return (await this.deciders.managementSite(command)).position;
      }
      case 'claim':
        throw notRenewable(
          'Its key is wherever the invitation was downloaded: download it again, with caravan invite.',
        );
      case 'bootstrap':
        throw notRenewable('A bundle is used once: download another one, with caravan bundle.');
      case 'service':
      case 'management-site':
      case undefined:
        throw notRenewable('It is made when the service is set up: cert-service init.');
      default:
        return assertNever(identity);
    }
  }
}

const notRenewable = (detail: string): Rejection => new Rejection('certificate.not-renewable', { detail });

const authority = ({ createdPosition: _, ...row }: AuthorityRow): Authority => row;
const certificate = ({ createdPosition: _, ...row }: CertificateRow): Certificate => row;
