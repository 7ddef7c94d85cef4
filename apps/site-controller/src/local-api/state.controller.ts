import { Controller, Get, Inject } from '@nestjs/common';
import {
  getLocalState,
  leaveNetwork,
  listSiteCertificates,
  listSiteConnections,
  listSiteItems,
  listSiteLinks,
  openApiDocument,
  SITE_API_BASE_PATH,
  siteRoutes,
} from '@caravan/api';
import type { ReplyOf } from '@caravan/api';
import { VERSION } from '../version.js';
import { Handle, TheCall } from './handle.js';
import type { Call } from './handle.js';
import { LocalSite } from './local-site.js';

/** What this site is, and how it is; and that it is no more. */
@Controller()
export class StateController {
  constructor(@Inject(LocalSite) private readonly site: LocalSite) {}

  @Get('openapi.json')
  document() {
    return openApiDocument({ title: 'Caravan site', version: VERSION, basePath: SITE_API_BASE_PATH }, siteRoutes);
  }

  @Handle(getLocalState)
  state(): ReplyOf<typeof getLocalState> {
    return this.site.state();
  }

  @Handle(leaveNetwork)
  leave(@TheCall() { idempotencyKey }: Call<typeof leaveNetwork>) {
    return this.site.leave(idempotencyKey);
  }

  @Handle(listSiteItems)
  async items(@TheCall() { position }: Call): Promise<ReplyOf<typeof listSiteItems>> {
    await this.site.seen(position);
    return { items: this.site.items() };
  }

  @Handle(listSiteLinks)
  links(): ReplyOf<typeof listSiteLinks> {
    return { items: this.site.links() };
  }

  @Handle(listSiteCertificates)
  certificates(): ReplyOf<typeof listSiteCertificates> {
    return { items: this.site.certificates() };
  }

  @Handle(listSiteConnections)
  async connections(
    @TheCall() { query }: Call<typeof listSiteConnections>,
  ): Promise<ReplyOf<typeof listSiteConnections>> {
    return { items: await this.site.connections(query.id) };
  }
}
