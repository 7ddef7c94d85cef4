import type { ExceptionFilter, INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy, MicroserviceOptions, NestMicroservice } from '@nestjs/microservices';

/**
 * Adds a transport to an app with a filter of its own. Nest's default registers handlers before a filter can be set, and
 * inheriting the app's would put its HTTP guards and filters before messages.
 */
export function connectTransport(
  app: INestApplication,
  strategy: CustomTransportStrategy,
  filter: ExceptionFilter,
): void {
  const microservice = app.connectMicroservice<MicroserviceOptions>(
    { strategy },
    { deferInitialization: true },
  ) as unknown as NestMicroservice;
  microservice.useGlobalFilters(filter);
  // What `connectMicroservice` itself does when it does not defer.
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
}
