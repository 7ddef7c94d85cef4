import {
  ConfigurationError,
  createLog,
  createMetrics,
  Health,
  openDataSource,
  poolOf,
  readConfig,
} from '@caravan/platform';
import { pkiDatabase } from '../migrations/index.js';
import { initVariables } from '../variables.js';
import { MasterKeys } from './master-keys.js';
import { Vault } from './vault.js';

export const REWRAP_USAGE = `usage: node apps/cert-service/bundle/main.js rewrap

Seals all CA keys with another master key, while the services run:
  1. put the new key behind the one that is in use, where PKI_MASTER_KEY_FILE or PKI_MASTER_KEY_COMMAND finds both;
  2. run this;
  3. take the old one away.
Services that were started with PKI_MASTER_KEY alone have to be started with both before 2.

environment: as of the service
`;

/** What it prints. @throws ConfigurationError; nothing was changed then */
export async function rewrap(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  if (argv.length > 0) throw new ConfigurationError([{ variable: argv[0]!, says: 'is not known', remedy: undefined }]);
  const config = readConfig(initVariables, environment);
  const log = createLog('cert-service', 'error');
  const service = { name: 'cert-service', log, health: new Health(), metrics: createMetrics('cert-service') };
  const masterKeys = await MasterKeys.from(config);
  const source = await openDataSource(config, pkiDatabase, service);
  try {
    const count = await new Vault(poolOf(source)).rewrap(masterKeys);
    return count === 0
      ? 'All CA keys are sealed with the newest master key; nothing was changed.\n'
      : `${count} CA keys are sealed with the newest master key. Take the old one away when every service has been given both.\n`;
  } finally {
    await source.destroy();
  }
}
