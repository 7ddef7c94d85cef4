import { NestFactory } from '@nestjs/core';
import type { DynamicModule } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestLog } from '../logging/index.js';
import type { Service } from '../service/index.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';

const MAX_BODY = '256kb';

/**
 * A Nest application with our log, problem details and limits: bodies of 256 kB, 30 s for a request and 10 s for its headers, so
 * that a slow sender holds a socket and nothing else. Services without HTTP use it too and never listen.
 */
export async function createApp(
  module: DynamicModule,
  service: Service,
  { maxBody = MAX_BODY }: { maxBody?: string } = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLog(service.log),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.useBodyParser('json', { limit: maxBody, strict: true });
  app.useGlobalFilters(new ProblemDetailsFilter(service.log));
  const server = app.getHttpServer();
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  return app;
}
