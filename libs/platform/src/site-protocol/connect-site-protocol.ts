import type { INestApplication } from '@nestjs/common';
import type { NodeConnectionOptions } from '@nats-io/transport-node';
import type { SiteProtocolVariables } from '../config/index.js';
import { NATS_OPTIONS, siteProtocolOptions } from '../nats/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { connectTransport } from '../transport/index.js';
import { SiteProtocolServer } from './site-protocol-server.js';
import type { SiteProtocolOptions } from './site-protocol-server.js';
import { SiteProtocolFilter } from './site-protocol.filter.js';

/**
 * Lets the app's `@MessagePattern` handlers answer sites, from `app.startAllMicroservices()` on. Needs `NatsModule`.
 * @throws ConfigurationError
 */
export function connectSiteProtocol(
  app: INestApplication,
  variables: SiteProtocolVariables,
  options: SiteProtocolOptions = {},
): void {
  const service = app.get<Service>(SERVICE);
  const connection = siteProtocolOptions(app.get<NodeConnectionOptions>(NATS_OPTIONS), variables);
  connectTransport(app, new SiteProtocolServer(connection, service, options), new SiteProtocolFilter(service.log));
}
