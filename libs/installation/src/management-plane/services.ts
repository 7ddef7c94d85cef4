import { join } from 'node:path';
import type { ProcessSpec } from '../processes/index.js';
import type { StateDirectory } from '../state-directory.js';
import type { Nkeys } from './nkeys.js';
import type { Programs } from './programs.js';

export interface ServicesOptions {
  readonly state: StateDirectory;
  readonly programs: Programs;
  readonly nkeys: Nkeys;
  readonly installation: string;
  readonly managementSiteId: string;
  readonly apiPort: number;
  /** Of the API over TLS. */
  readonly apiTlsPort: number;
  readonly natsPort: number;
  readonly databaseUrl: string;
  readonly healthPorts: Readonly<Record<ServiceName, number>>;
}

export const SERVICE_NAMES = ['management-controller', 'cert-service', 'router-config'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The line with which `runService` says that a service has started. */
const STARTED = { ready: /"msg":"started"/, readyWithinMs: 60_000 };

/**
 * Some thousand entries of the log are in memory while they are made into rows. In Node's own 16 MiB they live long enough to count
 * as old, and to collect those is dear: a rebuild takes a quarter longer.
 */
const YOUNG_GENERATION = '--max-semi-space-size=64';

/** A certificate or key that `cert-service init` wrote. */
export const pkiFile = (state: StateDirectory, file: string): string => join(state.secrets, 'pki', file);

/** The services of the management plane, each with what it is told. */
export function serviceProcesses(options: ServicesOptions): (ProcessSpec & { readonly name: ServiceName })[] {
  const { state, programs, nkeys, natsPort, apiPort, apiTlsPort, managementSiteId } = options;
  return [
    {
      name: 'management-controller',
      command: programs.managementController,
      env: {
        ...common(options, 'managementController', 'management-controller'),
        NODE_OPTIONS: `${YOUNG_GENERATION} ${process.env['NODE_OPTIONS'] ?? ''}`.trim(),
        SITES_NKEY_SEED_FILE: nkeys.seedFiles.managementControllerSites,
        API_PORT: String(apiPort),
        API_TLS_PORT: String(apiTlsPort),
        API_CERT_FILE: pkiFile(state, 'api-server.pem'),
        API_KEY_FILE: pkiFile(state, 'api-server.key'),
        API_CLIENT_CA_FILE: pkiFile(state, 'management-ca.pem'),
        BOOTSTRAP_TOKEN_FILE: join(state.secrets, 'bootstrap-token'),
        CALLOUT_NKEY_SEED_FILE: nkeys.seedFiles.callout,
        SYSTEM_NKEY_SEED_FILE: nkeys.seedFiles.system,
        CALLOUT_ISSUER_SEED_FILE: nkeys.seedFiles.issuer,
        MANAGEMENT_SITE_ID: managementSiteId,
        CONTROL_HOST: '127.0.0.1',
        CONTROL_PORT: String(natsPort),
      },
      ...STARTED,
    },
    {
      name: 'cert-service',
      command: programs.certService,
      env: {
        ...common(options, 'certService', 'cert-service'),
        PKI_MASTER_KEY_FILE: join(state.secrets, 'pki-master-key'),
        CREDENTIALS_DIRECTORY: join(state.secrets, 'pki'),
      },
      ...STARTED,
    },
    {
      name: 'router-config',
      command: programs.routerConfig,
      env: {
        ...common(options, 'routerConfig', 'router-config'),
        SITES_NKEY_SEED_FILE: nkeys.seedFiles.routerConfigSites,
      },
      ...STARTED,
    },
  ];
}

const common = (
  { state, nkeys, installation, natsPort, databaseUrl, healthPorts }: ServicesOptions,
  service: keyof Nkeys['seedFiles'],
  name: ServiceName,
): NodeJS.ProcessEnv => ({
  ...process.env,
  CARAVAN_INSTALLATION: installation,
  CARAVAN_PARENT: 'stdin',
  NATS_URL: `tls://127.0.0.1:${natsPort}`,
  NATS_TLS_HANDSHAKE_FIRST: 'true',
  NATS_CA_FILE: pkiFile(state, 'root.pem'),
  NATS_CERT_FILE: pkiFile(state, `${name}.pem`),
  NATS_KEY_FILE: pkiFile(state, `${name}.key`),
  NATS_NKEY_SEED_FILE: nkeys.seedFiles[service],
  DATABASE_URL: databaseUrl,
  HEALTH_PORT: String(healthPorts[name]),
});
