import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { allEvents } from '@caravan/events';
import { eventRegistry } from '@caravan/event-store';
import type { EventRegistry } from '@caravan/event-store';
import { PostgresWitnessLedger } from '@caravan/event-store/postgres';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import type { Clock } from '../clock/index.js';
import { LogWitness, observeWitness, WitnessedEventStore } from '../log-witness/index.js';
import { NATS } from '../nats/index.js';
import { PG_POOL } from '../postgres/index.js';
import { CLOCK, SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { openEventLog } from './open-event-log.js';
import type { EventLogOptions } from './open-event-log.js';

/** `@Inject(EVENT_STORE) store: EventStore & StreamWaiter` */
export const EVENT_STORE = Symbol('event store');
/** `@Inject(EVENT_REGISTRY) registry: EventRegistry`: of all declared events. */
export const EVENT_REGISTRY = Symbol('event registry');

export interface EventLogModuleOptions extends EventLogOptions {
  /**
   * Whether a witness stands by: every service that writes to the log has one. Needs `PostgresModule`, and `witnessTablesSql` in the
   * service's schema; `app.get(LogWitness).verify()` before anything reacts.
   */
  readonly witnessed?: boolean;
}

/** The log on JetStream, checked at start. Global; needs `NatsModule`. */
@Module({})
export class EventLogModule {
  static of({ witnessed = false, ...options }: EventLogModuleOptions = {}): DynamicModule {
    return {
      module: EventLogModule,
      global: true,
      providers: [
        ...(witnessed ? [logWitness] : []),
        { provide: EVENT_REGISTRY, useFactory: () => eventRegistry(allEvents) },
        {
          provide: EVENT_STORE,
          inject: [NATS, EVENT_REGISTRY, SERVICE, { token: LogWitness, optional: true }],
          useFactory: async (nats: NatsConnection, registry: EventRegistry, service: Service, witness?: LogWitness) => {
            const store = await openEventLog(nats, registry, service, options);
            await witness?.open();
            return witness ? new WitnessedEventStore(store, witness) : store;
          },
        },
      ],
      exports: [EVENT_REGISTRY, EVENT_STORE, ...(witnessed ? [LogWitness] : [])],
    };
  }
}

const logWitness = {
  provide: LogWitness,
  inject: [NATS, PG_POOL, SERVICE, CLOCK],
  useFactory: (nc: NatsConnection, pool: Pool, service: Service, clock: Clock): LogWitness => {
    const { log, name, ending } = service;
    const witness = new LogWitness({ nc, ledger: new PostgresWitnessLedger(pool), log, clock, name, ending });
    observeWitness(witness, service);
    return witness;
  },
};
