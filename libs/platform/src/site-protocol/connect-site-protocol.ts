import type { INestApplication } from '@nestjs/common';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { NATS_OPTIONS } from '../nats/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { connectTransport } from '../transport/index.js';
import { SiteProtocolServer } from './site-protocol-server.js';
import type { SiteProtocolOptions } from './site-protocol-server.js';
import { SiteProtocolFilter } from './site-protocol.filter.js';

/** Lets the app's `@MessagePattern` handlers answer sites, from `app.startAllMicroservices()` on. Needs `NatsModule`. */
export function connectSiteProtocol(app: INestApplication, options: SiteProtocolOptions = {}): void {
  const service = app.get<Service>(SERVICE);
  const connection = app.get<NodeConnectionOptions>(NATS_OPTIONS);
  connectTransport(app, new SiteProtocolServer(connection, service, options), new SiteProtocolFilter(service.log));
}
