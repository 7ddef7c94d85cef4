import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { NatsVariables } from '../config/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { natsOptions } from './nats-options.js';
import { isLost, openNats } from './open-nats.js';

/** `@Inject(NATS) nats: NatsConnection`: the service's connection, open. */
export const NATS = Symbol('NATS connection');
/** How to open another like it: `@Inject(NATS_OPTIONS) options: NodeConnectionOptions`. */
export const NATS_OPTIONS = Symbol('NATS options');

/** The connection to NATS. Global. It is drained after everything that uses it was closed. */
@Module({})
export class NatsModule implements OnApplicationShutdown {
  constructor(@Inject(NATS) private readonly nats: NatsConnection) {}

  /** @param more further options of the client: `{ ignoreClusterUpdates: true }` */
  static of(variables: NatsVariables, more: Partial<NodeConnectionOptions> = {}): DynamicModule {
    return {
      module: NatsModule,
      global: true,
      providers: [
        {
          provide: NATS_OPTIONS,
          inject: [SERVICE],
          useFactory: ({ name }: Service): NodeConnectionOptions => ({ ...natsOptions(variables, name), ...more }),
        },
        {
          provide: NATS,
          inject: [NATS_OPTIONS, SERVICE],
          useFactory: (options: NodeConnectionOptions, service: Service) => openNats(options, service),
        },
      ],
      exports: [NATS, NATS_OPTIONS],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    // Draining needs a server; without one there is nothing to wait for.
    if (!isLost(this.nats)) await Promise.race([this.nats.drain().catch(() => undefined), afterMs(2_000)]);
    await this.nats.close();
  }
}

const afterMs = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
