import { connectSiteProtocol, createApp } from '@caravan/platform';
import type { Running, Service } from '@caravan/platform';
import { AppModule } from './app.module.js';
import { DesiredStateFold } from './following/index.js';
import type { Config } from './variables.js';

/**
 * Reads the whole log, and only then answers. A log that cannot be read is for an operator to repair: until then the process
 * stays, answers nothing and says why, which a process that ends for ever could not.
 */
export async function start(config: Config, service: Service): Promise<Running> {
  const app = await createApp(AppModule.of(config, service), service);
  connectSiteProtocol(app, config);
  await app.init();
  const fold = app.get(DesiredStateFold);
  await fold.begun;
  const answering = fold.caughtUp.then(
    () => app.startAllMicroservices(),
    () => undefined, // the health port says why it never will
  );
  if (!fold.isHalted) await answering;
  return app;
}
