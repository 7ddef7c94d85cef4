import { Controller, Inject } from '@nestjs/common';
import { bringAuthorityCertificate, getAuthorityRequest, listAuthorityRequests } from '@caravan/api';
import type { AuthorityRequest } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { CLOCK } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { INSTALLATION } from '../installation.js';
import { ReadModels } from '../read-models/read-models.js';
import type { AuthorityRequestRow } from './authority-request.projection.js';
import { readBrought } from './brought.js';

@Controller()
export class AuthorityRequestsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    @Inject(INSTALLATION) private readonly installation: string,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Handle(listAuthorityRequests)
  async list(@TheCall() { query: { status, ...page } }: Call<typeof listAuthorityRequests>) {
    const { items, next } = await this.readModels.authorityRequests.page({ ...(status && { status }) }, page);
    return { items: await Promise.all(items.map((row) => this.resource(row))), next };
  }

  @Handle(getAuthorityRequest)
  async get(@TheCall() { params: { requestId } }: Call<typeof getAuthorityRequest>) {
    return this.resource(await this.find(requestId));
  }

  @Handle(bringAuthorityCertificate)
  async bring(@TheCall() { params: { requestId }, body, metadata }: Call<typeof bringAuthorityCertificate>) {
    const row = await this.find(requestId);
    requireOffline(row);
    const root = await this.readModels.authorities.find({ id: row.rootId });
    // The request names it, so it was recorded before.
    if (!root) throw new Rejection('authority-request.unknown', { requestId });
    const of = { installation: this.installation, now: this.clock.now(), root: root.certificate };
    const brought = { authorityId: requestId, ...readBrought(body.certificates, row, of) };
    const { position } = await this.deciders.authorityCertificate({ type: 'BringCertificate', ...brought, metadata });
    return new Written(position, async () => this.resource(await this.find(requestId)));
  }

  private async find(requestId: string): Promise<AuthorityRequestRow> {
    const row = await this.readModels.authorityRequests.find({ id: requestId });
    if (!row) throw new Rejection('authority-request.unknown', { requestId });
    return row;
  }

  private async resource(row: AuthorityRequestRow): Promise<AuthorityRequest> {
    const { createdPosition: _, rootId: _root, kind, backboneId, networkId, ordinal, ...request } = row;
    const owner = networkId !== null ? { networkId } : backboneId !== null ? { backboneId } : {};
    const before = await this.readModels.authorities.find({ kind, ...owner, ordinal: ordinal - 1 });
    const neededBy = before?.notAfter ?? null;
    return { ...request, kind: kind as AuthorityRequest['kind'], backboneId, networkId, ordinal, neededBy };
  }
}

function requireOffline({ id, issuer, status }: AuthorityRequestRow): void {
  if (issuer !== 'offline') {
    const detail = `It is signed by ${issuer}: nobody brings its certificate.`;
    throw new Rejection('authority-request.not-offline', { requestId: id, detail });
  }
  if (status === 'established') {
    const detail = 'The authority has its certificate and signs; another one is made by a rotation.';
    throw new Rejection('authority-request.established', { requestId: id, detail });
  }
}
