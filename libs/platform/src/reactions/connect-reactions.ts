import type { INestApplication } from '@nestjs/common';
import type { EventRegistry, Quarantine } from '@caravan/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { EVENT_REGISTRY } from '../event-log/index.js';
import { NATS } from '../nats/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { connectTransport } from '../transport/index.js';
import { ReactionServer } from './reaction-server.js';
import type { ReactionTuning } from './reaction-server.js';
import { ReactionFilter } from './reaction.filter.js';

/**
 * Lets the app's `@EventPattern` handlers react to the log, from `app.startAllMicroservices()` on. Needs `EventLogModule`.
 *
 * @param tuning by the names of reactions
 */
export function connectReactions(
  app: INestApplication,
  quarantine: Quarantine,
  tuning: Readonly<Record<string, ReactionTuning>> = {},
): ReactionServer {
  const registry = app.get<EventRegistry>(EVENT_REGISTRY);
  const server = new ReactionServer(
    app.get<NatsConnection>(NATS),
    registry,
    quarantine,
    app.get<Service>(SERVICE),
    tuning,
  );
  connectTransport(app, server, new ReactionFilter());
  return server;
}
