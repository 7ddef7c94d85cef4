import { Controller } from '@nestjs/common';
import { getCertificate, listAuthorities, listCertificates } from '@caravan/api';
import type { Authority, Certificate } from '@caravan/api';
import type { Holder } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { ReadModels } from '../read-models/read-models.js';
import type { AuthorityRow } from './authority.projection.js';
import type { CertificateRow } from './certificate.projection.js';

@Controller()
export class CertificatesController {
  constructor(private readonly readModels: ReadModels) {}

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

  @Handle(getCertificate)
  async get(@TheCall() { params: { certificateId } }: Call<typeof getCertificate>) {
    const row = await this.readModels.certificates.find({ id: certificateId });
    if (!row) throw new Rejection('certificate.unknown', { certificateId });
    return certificate(row);
  }
}

const authority = ({ createdPosition: _, ...row }: AuthorityRow): Authority => row;
const certificate = ({ createdPosition: _, ...row }: CertificateRow): Certificate => row;
