import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { allEvents } from '@caravan/events';
import { eventRegistry } from '@caravan/event-store';
import type { EventRegistry } from '@caravan/event-store';
import type { NatsConnection } from '@nats-io/transport-node';
import { NATS } from '../nats/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { openEventLog } from './open-event-log.js';
import type { EventLogOptions } from './open-event-log.js';

/** `@Inject(EVENT_STORE) store: EventStore & StreamWaiter` */
export const EVENT_STORE = Symbol('event store');
/** `@Inject(EVENT_REGISTRY) registry: EventRegistry`: of all declared events. */
export const EVENT_REGISTRY = Symbol('event registry');

/** The log on JetStream, checked at start. Global; needs `NatsModule`. */
@Module({})
export class EventLogModule {
  static of(options: EventLogOptions = {}): DynamicModule {
    return {
      module: EventLogModule,
      global: true,
      providers: [
        { provide: EVENT_REGISTRY, useFactory: () => eventRegistry(allEvents) },
        {
          provide: EVENT_STORE,
          inject: [NATS, EVENT_REGISTRY, SERVICE],
          useFactory: (nats: NatsConnection, registry: EventRegistry, service: Service) =>
            openEventLog(nats, registry, service, options),
        },
      ],
      exports: [EVENT_REGISTRY, EVENT_STORE],
    };
  }
}
