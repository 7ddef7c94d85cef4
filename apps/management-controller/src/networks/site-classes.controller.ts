import { Controller } from '@nestjs/common';
import { createSiteClass, deleteSiteClass, listSiteClasses } from '@caravan/api';
import type { SiteClass } from '@caravan/api';
import { Rejection } from '@caravan/event-store';
import { Written } from '../api/answer.interceptor.js';
import { Handle, TheCall } from '../api/handle.js';
import type { Call } from '../api/handle.js';
import { Deciders } from '../deciding/deciders.js';
import { ReadModels } from '../read-models/read-models.js';
import type { SiteClassRow } from './site-class.projection.js';

@Controller()
export class SiteClassesController {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
  ) {}

  @Handle(createSiteClass)
  async create(@TheCall() { params: { networkId }, body, metadata, idFor }: Call<typeof createSiteClass>) {
    const siteClassId = idFor('site-class');
    const command = { type: 'AddSiteClass', networkId, siteClassId, ...body, metadata } as const;
    const { position } = await this.deciders.network(command);
    return new Written(position, () => this.read(networkId, siteClassId));
  }

  @Handle(listSiteClasses)
  async list(@TheCall() { params: { networkId }, query }: Call<typeof listSiteClasses>) {
    const { items, next } = await this.readModels.siteClasses.page({ networkId }, query);
    return { items: items.map(resource), next };
  }

  @Handle(deleteSiteClass)
  async delete(@TheCall() { params, metadata }: Call<typeof deleteSiteClass>) {
    const { position } = await this.deciders.network({ type: 'RemoveSiteClass', ...params, metadata });
    return new Written(position);
  }

  private async read(networkId: string, siteClassId: string): Promise<SiteClass> {
    const row = await this.readModels.siteClasses.find({ id: siteClassId, networkId });
    if (!row) throw new Rejection('site-class.unknown', { siteClassId });
    return resource(row);
  }
}

const resource = ({ createdPosition: _, ...row }: SiteClassRow): SiteClass => row;
