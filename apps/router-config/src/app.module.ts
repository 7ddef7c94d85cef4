import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { EventLogModule, NatsModule, SelfReportModule, ServiceModule } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { DesiredStateFold, INSTALLATION } from './following/index.js';
import { Nudges } from './nudging/index.js';
import { DesiredStateController, SyncController } from './sync/index.js';
import type { Config } from './variables.js';

@Module({})
export class AppModule {
  static of(config: Config, service: Service): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceModule.of(service), NatsModule.of(config), EventLogModule.of(), SelfReportModule.of()],
      controllers: [SyncController, DesiredStateController],
      providers: [Nudges, DesiredStateFold, { provide: INSTALLATION, useValue: config.CARAVAN_INSTALLATION }],
    };
  }
}
