import { Controller } from '@nestjs/common';
import {
  changeAccessPoint,
  createAccessPoint,
  deleteAccessPoint,
  getAccessPoint,
  listAccessPoints,
} from '@caravan/api';
import type { AccessPoint } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { InvitationAccessPoints } from '../invitations/invitation-access-points.js';
import { ReadModels } from '../read-models/read-models.js';
import type { AccessPointRow } from './access-point.projection.js';

@Controller()
export class AccessPointsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly invitations: InvitationAccessPoints,
  ) {}

  @Handle(createAccessPoint)
  async create(@TheCall() { params, body, metadata, idFor }: Call<typeof createAccessPoint>) {
    const accessPointId = idFor('access-point');
    const { position } = await this.deciders.backbone({
      type: 'AddAccessPoint',
      ...params,
      accessPointId,
      ...body,
      host: body.host ?? null,
      port: body.port ?? null,
      metadata,
    });
    return new Written(position, () => this.read(params.backboneId, accessPointId));
  }

  @Handle(listAccessPoints)
  async list(@TheCall() { params, query: { siteId, kind, ...page } }: Call<typeof listAccessPoints>) {
    const where = { ...params, ...(siteId && { siteId }), ...(kind && { kind }) };
    const { items, next } = await this.readModels.accessPoints.page(where, page);
    return { items: items.map(resource), next };
  }

  @Handle(getAccessPoint)
  get(@TheCall() { params }: Call<typeof getAccessPoint>) {
    return this.read(params.backboneId, params.accessPointId);
  }

  @Handle(changeAccessPoint)
  async change(@TheCall() { params, body, metadata }: Call<typeof changeAccessPoint>) {
    const { position } = await this.deciders.backbone({ type: 'AddressAccessPoint', ...params, ...body, metadata });
    return new Written(position, () => this.read(params.backboneId, params.accessPointId));
  }

  @Handle(deleteAccessPoint)
  async delete(@TheCall() { params, metadata }: Call<typeof deleteAccessPoint>) {
    await this.invitations.requireUninvited(params);
    const { position } = await this.deciders.backbone({ type: 'RemoveAccessPoint', ...params, metadata });
    return new Written(position);
  }

  private async read(backboneId: string, accessPointId: string): Promise<AccessPoint> {
    const row = await this.readModels.accessPoints.find({ id: accessPointId, backboneId });
    if (!row) throw new Rejection('access-point.unknown', { accessPointId });
    return resource(row);
  }
}

const resource = ({ createdPosition: _, ...row }: AccessPointRow): AccessPoint => row;
