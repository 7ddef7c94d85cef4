import type { IncomingMessage, ServerResponse } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { DynamicModule } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { NestLog } from '../logging/index.js';
import type { Service } from '../service/index.js';
import { limitConnections, wantBody } from './connection-limits.js';
import type { ConnectionLimits } from './connection-limits.js';
import { jsonBody, leftOver } from './json-body.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { RequestRefusals } from './request-refusals.js';

const MOST_BODY_BYTES = 262_144;

/** A request before its body was read. */
export type UnreadRequest = IncomingMessage & { readonly path: string };

export interface AppOptions {
  /** Who may ask at all; throws a Rejection for everybody else. Asked before a byte of the body is read. Default: everybody. */
  readonly admit?: (request: UnreadRequest) => void;
  /** Default 256 kB. */
  readonly mostBodyBytes?: number;
  readonly limits?: ConnectionLimits;
}

/**
 * A Nest application with our log, problem details and limits: bodies of 256 kB, 30 s for a request and 10 s for its headers, so
 * that a slow sender holds a socket and nothing else. Services without HTTP use it too and never listen.
 */
export async function createApp(
  module: DynamicModule,
  service: Service,
  { admit = () => undefined, mostBodyBytes = MOST_BODY_BYTES, limits }: AppOptions = {},
): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLog(service.log),
    abortOnError: false,
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.set('env', 'production'); // what even the filter fails at is told without a stack
  const refusals = new RequestRefusals(service);
  app.use((request: UnreadRequest & { body: unknown }, response: ServerResponse, next: (error?: unknown) => void) => {
    const read = async (): Promise<void> => {
      try {
        admit(request);
      } catch (error) {
        await leftOver(request);
        throw error;
      }
      wantBody(request, response);
      request.body = await jsonBody(request, mostBodyBytes);
    };
    read().then(() => next(), next);
  });
  app.useGlobalFilters(new ProblemDetailsFilter(service.log, refusals));
  limitConnections(app.getHttpServer(), (...about) => refusals.note(...about), limits);
  return app;
}
