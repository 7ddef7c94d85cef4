import { readFileSync } from 'node:fs';
import { Secret } from '@caravan/pki';
import { connectReactions, connectSiteProtocol, createApp, LogWitness, WitnessedQuarantine } from '@caravan/platform';
import type { Running, Service, UnreadRequest } from '@caravan/platform';
import { Bearer } from './api/bearer.js';
import { serveDocsPage } from './api/docs-page.js';
import { AppModule } from './app.module.js';
import { DirectoryFold } from './directory/directory.module.js';
import type { Variables } from './variables.js';

/** Answers nobody before it knows who exists. */
export async function start(variables: Variables, service: Service): Promise<Running> {
  const bearer = new Bearer(new Secret(readFileSync(variables.BOOTSTRAP_TOKEN_FILE, 'utf8').trim()));
  const admit = (request: UnreadRequest): void => bearer.admit(request);
  const app = await createApp(AppModule.of(variables, service), service, { admit });
  connectSiteProtocol(app, variables);
  connectReactions(app, WitnessedQuarantine.of(app));
  serveDocsPage(app);
  await app.init();
  // Halted, it still has to answer: the commands that repair it come this way.
  await app.get(DirectoryFold).begun;
  // Before the reactions: nothing is put aside that is only unreadable in a log which is not the right one.
  app.get(LogWitness).verify();
  await app.startAllMicroservices();
  await app.listen(variables.API_PORT, variables.API_HOST);
  return app;
}
