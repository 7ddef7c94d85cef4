import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderNatsConfig } from '../nats-server/index.js';
import { LoggedChild } from '../processes/index.js';
import { openStateDirectory } from '../state-directory.js';
import { natsAccounts } from './nats-accounts.js';
import { ensureNkeys } from './nkeys.js';

export interface ServerFilesOptions {
  /** Where everything is written; readable by its owner only. */
  readonly out: string;
  /** Where a container sees `out`. */
  readonly mountedAt: string;
  readonly installation: string;
  readonly managementSiteId: string;
  /** The names under which the services and the management site reach NATS. */
  readonly natsHosts: readonly string[];
  readonly databaseUrl: string;
  readonly certServiceMain: string;
}

/**
 * The certificates, nkeys and configuration that a nats-server of one's own is started with, made by the same code as those of
 * `npm start`. A second run keeps what is there. Returns the path of the configuration.
 */
export async function writeServerFiles(options: ServerFilesOptions): Promise<string> {
  const { out, mountedAt, installation, managementSiteId, natsHosts, databaseUrl, certServiceMain } = options;
  const state = openStateDirectory(out);
  const { identities } = ensureNkeys(state);
  const hosts = natsHosts.flatMap((host) => ['--nats-host', host]);
  const child = await LoggedChild.start({
    name: 'cert-service-init',
    command: certServiceMain,
    args: ['init', '--out', join(state.secrets, 'pki'), '--management-site', managementSiteId, ...hosts],
    env: {
      ...process.env,
      CARAVAN_INSTALLATION: installation,
      DATABASE_URL: databaseUrl,
      PKI_MASTER_KEY_FILE: join(state.secrets, 'pki-master-key'),
    },
    logFile: join(state.logs, 'cert-service-init.log'),
  });
  const { code } = await child.exited;
  if (code !== 0) throw child.failure(`failed with exit code ${code}`);

  const seen = (file: string): string => `${mountedAt}/secrets/pki/${file}`;
  const config = renderNatsConfig({
    serverName: 'caravan',
    listen: { host: '0.0.0.0', port: 4222 },
    monitorPort: 8222,
    tls: { certFile: seen('nats-server.pem'), keyFile: seen('nats-server.key'), caFile: seen('root.pem') },
    jetstream: { storeDir: '/data/jetstream' },
    ...natsAccounts(identities),
  });
  const file = join(out, 'nats-server.conf');
  writeFileSync(file, config, { mode: 0o600 });
  return file;
}
