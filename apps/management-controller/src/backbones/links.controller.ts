import { Controller } from '@nestjs/common';
import { changeLink, createLink, deleteLink, getLink, listLinks } from '@caravan/api';
import type { Link } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import type { LinkRow } from './link.projection.js';

@Controller()
export class LinksController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
  ) {}

  @Handle(createLink)
  async create(@TheCall() { params: { backboneId }, body, metadata, idFor }: Call<typeof createLink>) {
    const linkId = idFor('link');
    const { position } = await this.deciders.backbone({ type: 'AddLink', backboneId, linkId, ...body, metadata });
    return new Written(position, () => this.read(backboneId, linkId));
  }

  @Handle(listLinks)
  async list(@TheCall() { params: { backboneId }, query }: Call<typeof listLinks>) {
    const { items, next } = await this.readModels.links.page({ backboneId }, query);
    return { items: items.map(resource), next };
  }

  @Handle(getLink)
  get(@TheCall() { params }: Call<typeof getLink>) {
    return this.read(params.backboneId, params.linkId);
  }

  @Handle(changeLink)
  async change(@TheCall() { params, body: { cost }, metadata }: Call<typeof changeLink>) {
    const { position } = await this.deciders.backbone({ type: 'ChangeLinkCost', ...params, cost, metadata });
    return new Written(position, () => this.read(params.backboneId, params.linkId));
  }

  @Handle(deleteLink)
  async delete(@TheCall() { params, metadata }: Call<typeof deleteLink>) {
    const { position } = await this.deciders.backbone({ type: 'RemoveLink', ...params, metadata });
    return new Written(position);
  }

  private async read(backboneId: string, linkId: string): Promise<Link> {
    const row = await this.readModels.links.find({ id: linkId, backboneId });
    if (!row) throw new Rejection('link.unknown', { linkId });
    return resource(row);
  }
}

const resource = ({ createdPosition: _, ...row }: LinkRow): Link => row;
