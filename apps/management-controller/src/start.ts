import { readFileSync } from 'node:fs';
import { Secret } from '@caravan/pki';
import {
  connectReactions,
  connectSiteProtocol,
  createApp,
  listenOverTls,
  LogWitness,
  PeerLog,
  systemClock,
  WitnessedQuarantine,
} from '@caravan/platform';
import type { Running, Service, UnreadRequest } from '@caravan/platform';
import { Administrators } from './callers/administrators.js';
import { ApiOverTls } from './callers/api-over-tls.js';
import { Bearer } from './callers/bearer.js';
import { Callers } from './callers/callers.js';
import { JoinTokenDoor } from './callers/join-token-door.js';
import { serveDocsPage } from './api/docs-page.js';
import { serveJoinPage } from './api/join-page.js';
import { AppModule } from './app.module.js';
import { Directory } from './directory/directory.js';
import { DirectoryFold } from './directory/directory.module.js';
import type { Variables } from './variables.js';

/** Answers nobody before it knows who exists. */
export async function start(variables: Variables, service: Service): Promise<Running> {
  const bearer = new Bearer(new Secret(readFileSync(variables.BOOTSTRAP_TOKEN_FILE, 'utf8').trim()));
  const admit = (request: UnreadRequest): void => callers.admit(request);
  const app = await createApp(AppModule.of(variables, service), service, { admit });
  const directory = app.get(Directory);
  const overTls = app.get(ApiOverTls);
  service.health.watch('api over TLS', () => overTls.trouble());
  const administrators = new Administrators({
    installation: variables.CARAVAN_INSTALLATION,
    trust: () => overTls.trust(),
    isRevoked: (serial) => {
      directory.requireCurrent(); // whoever mends it comes with the token
      return directory.revocations.isRevoked(serial);
    },
    clock: systemClock,
  });
  const joinTokens = new JoinTokenDoor(directory.joinTokens, systemClock);
  const callers = new Callers(bearer, administrators, joinTokens, new PeerLog(service.log));
  connectSiteProtocol(app, variables);
  connectReactions(app, WitnessedQuarantine.of(app));
  serveDocsPage(app);
  serveJoinPage(app);
  await app.init();
  // Halted, it still has to answer: the commands that repair it come this way.
  await app.get(DirectoryFold).begun;
  // Before the reactions: nothing is put aside that is only unreadable in a log which is not the right one.
  app.get(LogWitness).verify();
  await app.startAllMicroservices();
  await app.listen(variables.API_PORT, variables.API_HOST);
  const listener = overTls.listening && (await listenOverTls(app, service, overTls.listening));
  if (listener) overTls.opened(listener);
  return { close: () => Promise.all([listener?.close(), app.close()]) };
}
