import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { systemClock } from '../clock/index.js';
import type { Clock } from '../clock/index.js';
import type { Service } from './service.js';

/** `@Inject(SERVICE) service: Service` */
export const SERVICE = Symbol('service');
/** `@Inject(LOG) log: Log` */
export const LOG = Symbol('log');
/** `@Inject(CLOCK) clock: Clock` */
export const CLOCK = Symbol('clock');

/** Gives every part of an app its service, log and clock. Global: import it once, in the app's root module. */
@Module({})
export class ServiceModule {
  static of(service: Service, clock: Clock = systemClock): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      providers: [
        { provide: SERVICE, useValue: service },
        { provide: LOG, useValue: service.log },
        { provide: CLOCK, useValue: clock },
      ],
      exports: [SERVICE, LOG, CLOCK],
    };
  }
}
