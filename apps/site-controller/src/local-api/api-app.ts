import 'reflect-metadata';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { SITE_API_BASE_PATH } from '@caravan/api';
import type { Log } from '../log.js';
import { ConnectorsController, ListenersController } from './endpoint.controllers.js';
import { LocalSite } from './local-site.js';
import { ProblemFilter } from './problem-filter.js';
import type { Noted } from './problem-filter.js';
import { StateController } from './state.controller.js';
import { WrittenInterceptor } from './written.interceptor.js';

@Module({})
class SiteApiModule {}

/** Answers one request that was authenticated. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** The local API as a Nest application that never listens: `ApiServer` hands it what it let in, with its body. */
export async function createApiApp(
  site: LocalSite,
  log: Log,
  refused: Noted,
): Promise<{ answer: Answer; close(): Promise<void> }> {
  const app = await NestFactory.create<NestExpressApplication>(
    {
      module: SiteApiModule,
      controllers: [StateController, ListenersController, ConnectorsController],
      providers: [{ provide: LocalSite, useValue: site }],
    },
    { logger: false, abortOnError: false, bodyParser: false },
  );
  app.disable('x-powered-by');
  app.set('env', 'production'); // what even the filter fails at is told without a stack
  app.setGlobalPrefix(SITE_API_BASE_PATH);
  app.useGlobalFilters(new ProblemFilter(log, refused));
  app.useGlobalInterceptors(new WrittenInterceptor());
  await app.init();
  return { answer: app.getHttpAdapter().getInstance() as Answer, close: () => app.close() };
}
