import { RevokingReactions } from './revocations/revoking.reactions.js';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR, RouterModule } from '@nestjs/core';
import { API_BASE_PATH } from '@caravan/api';
import { EventLogModule, NatsModule, PostgresModule, SelfReportModule, ServiceModule } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { AnswerInterceptor } from './api/answer.interceptor.js';
import { ApiModule } from './api/api.module.js';
import { OpenApiController } from './api/openapi.controller.js';
import { CoreModule } from './core.module.js';
import { CrlsController } from './crls/crls.controller.js';
import { DirectoryModule } from './directory/directory.module.js';
import { OpeningReactions } from './opening/opening.reactions.js';
import { database } from './read-models/database.js';
import { ReportsController } from './reports/reports.controller.js';
import { SiteAccessModule } from './site-access/site-access.module.js';
import { ClaimsController } from './site-endpoints/claims.controller.js';
import { EnrolmentsController } from './site-endpoints/enrolments.controller.js';
import { SiteCertificatesController } from './site-endpoints/site-certificates.controller.js';
import { SiteCommandsController } from './site-endpoints/site-commands.controller.js';
import type { Variables } from './variables.js';

@Module({})
export class AppModule {
  static of(variables: Variables, service: Service): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.of(service),
        NatsModule.of(variables),
        PostgresModule.of(variables, database),
        EventLogModule.of({ create: { replicas: variables.LOG_REPLICAS }, witnessed: true }),
        SelfReportModule.of(),
        DirectoryModule,
        CoreModule.of(variables),
        SiteAccessModule.of(variables),
        ApiModule,
        RouterModule.register([{ path: API_BASE_PATH, module: ApiModule }]),
      ],
      controllers: [
        OpenApiController,
        CrlsController,
        OpeningReactions,
        RevokingReactions,
        ClaimsController,
        EnrolmentsController,
        SiteCertificatesController,
        SiteCommandsController,
        ReportsController,
      ],
      providers: [{ provide: APP_INTERCEPTOR, useClass: AnswerInterceptor }],
    };
  }
}
