import { Controller, Inject } from '@nestjs/common';
import {
  changeSiteConnector,
  changeSiteListener,
  closeSiteConnector,
  closeSiteListener,
  getSiteConnector,
  getSiteListener,
  listSiteConnectors,
  listSiteListeners,
  openSiteConnector,
  openSiteListener,
} from '@caravan/api';
import { Handle, TheCall } from './handle.js';
import type { Call } from './handle.js';
import { LocalSite } from './local-site.js';

/** Local ports that lead to addresses of the network. */
@Controller()
export class ListenersController {
  constructor(@Inject(LocalSite) private readonly site: LocalSite) {}

  @Handle(listSiteListeners)
  async list(@TheCall() { position }: Call<typeof listSiteListeners>) {
    await this.site.seen(position);
    return { items: this.site.endpoints('listener') };
  }

  @Handle(getSiteListener)
  async get(@TheCall() { params, position }: Call<typeof getSiteListener>) {
    await this.site.seen(position);
    return this.site.endpoint('listener', params.listenerId);
  }

  @Handle(openSiteListener)
  open(@TheCall() { body, idempotencyKey }: Call<typeof openSiteListener>) {
    return this.site.open('listener', body, idempotencyKey);
  }

  @Handle(changeSiteListener)
  change(@TheCall() { params, body, idempotencyKey }: Call<typeof changeSiteListener>) {
    return this.site.change('listener', params.listenerId, body, idempotencyKey);
  }

  @Handle(closeSiteListener)
  close(@TheCall() { params, idempotencyKey }: Call<typeof closeSiteListener>) {
    return this.site.close('listener', params.listenerId, idempotencyKey);
  }
}

/** Local servers that answer for addresses of the network. */
@Controller()
export class ConnectorsController {
  constructor(@Inject(LocalSite) private readonly site: LocalSite) {}

  @Handle(listSiteConnectors)
  async list(@TheCall() { position }: Call<typeof listSiteConnectors>) {
    await this.site.seen(position);
    return { items: this.site.endpoints('connector') };
  }

  @Handle(getSiteConnector)
  async get(@TheCall() { params, position }: Call<typeof getSiteConnector>) {
    await this.site.seen(position);
    return this.site.endpoint('connector', params.connectorId);
  }

  @Handle(openSiteConnector)
  open(@TheCall() { body, idempotencyKey }: Call<typeof openSiteConnector>) {
    return this.site.open('connector', body, idempotencyKey);
  }

  @Handle(changeSiteConnector)
  change(@TheCall() { params, body, idempotencyKey }: Call<typeof changeSiteConnector>) {
    return this.site.change('connector', params.connectorId, body, idempotencyKey);
  }

  @Handle(closeSiteConnector)
  close(@TheCall() { params, idempotencyKey }: Call<typeof closeSiteConnector>) {
    return this.site.close('connector', params.connectorId, idempotencyKey);
  }
}
