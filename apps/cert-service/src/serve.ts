import {
  connectReactions,
  createApp,
  LogWitness,
  openDataSource,
  poolOf,
  WitnessedQuarantine,
} from '@caravan/platform';
import type { Running, Service } from '@caravan/platform';
import { CertServiceModule } from './cert-service.module.js';
import { pkiDatabase } from './migrations/index.js';
import { MasterKeys } from './sealed-keys/master-keys.js';
import { Vault } from './sealed-keys/vault.js';
import type { CertServiceVariables } from './variables.js';

/** How many certificates are under way at once: enough that commits and appends share their syncs to disk. */
const CONCURRENCY = 32;

/**
 * Starts the service: no HTTP, no requests; it reacts to the log.
 *
 * @throws ConfigurationError for a wrong master key, before anything else is opened
 */
export async function serve(config: CertServiceVariables, service: Service): Promise<Running> {
  const masterKeys = await MasterKeys.from(config);
  await checkVault(config, masterKeys, service);
  const app = await createApp(CertServiceModule.of(config, masterKeys, service), service);
  try {
    connectReactions(app, WitnessedQuarantine.of(app), { issuing: { concurrency: CONCURRENCY } });
    // Records what the last run left over, before the first event is handled.
    await app.init();
    // Before the reactions: nothing is put aside that is only unreadable in a log which is not the right one.
    app.get(LogWitness).verify();
    await app.startAllMicroservices();
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function checkVault(config: CertServiceVariables, masterKeys: MasterKeys, service: Service): Promise<void> {
  const source = await openDataSource(config, pkiDatabase, service);
  try {
    await new Vault(poolOf(source)).open(masterKeys, config.CARAVAN_INSTALLATION);
  } finally {
    await source.destroy();
  }
}
