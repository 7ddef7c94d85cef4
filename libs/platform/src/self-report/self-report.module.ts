import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { healthSubject } from '@caravan/events';
import type { SelfReport } from '@caravan/events';
import type { NatsConnection } from '@nats-io/transport-node';
import { EVENT_STORE } from '../event-log/index.js';
import { NATS } from '../nats/index.js';
import { SERVICE } from '../service/index.js';
import type { Service } from '../service/index.js';
import { VERSION } from '../version.js';
import { answerQuestions } from './answering.js';
import { LogLook } from './log-look.js';

const ANSWERS = Symbol('answers about health');

/**
 * Lets a service say how it is to the one that answers `caravan status`, from the moment that it has a connection to NATS: also
 * while it still waits for its database. Needs `NatsModule` and `EventLogModule`.
 */
@Module({})
export class SelfReportModule implements OnApplicationShutdown {
  constructor(@Inject(LogLook) private readonly logLook: LogLook) {}

  static of(): DynamicModule {
    return {
      module: SelfReportModule,
      global: true,
      providers: [
        { provide: ANSWERS, inject: [NATS, SERVICE], useFactory: answerForHealth },
        {
          provide: LogLook,
          inject: [NATS, SERVICE, EVENT_STORE], // that is: when the log is open
          useFactory: (nats: NatsConnection, { health }: Service) => new LogLook(nats, health),
        },
      ],
      exports: [LogLook],
    };
  }

  onApplicationShutdown(): void {
    this.logLook.stop();
  }
}

function answerForHealth(nats: NatsConnection, { name, health, log }: Service) {
  const startedAt = new Date().toISOString();
  const report = (): SelfReport => ({
    service: name,
    version: VERSION,
    startedAt,
    conditions: health.conditions(),
    followers: health.followers.states(),
  });
  return answerQuestions({ nats, subject: healthSubject(name), log, answer: report });
}
