import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findNatsServer, natsServerProcess, renderNatsConfig, showVersion } from '../nats-server/index.js';
import { PortBook } from '../ports.js';
import type { PortRange } from '../ports.js';
import { postgresProcess } from '../postgres/index.js';
import type { ProcessGroup } from '../processes/index.js';
import { writeSecret } from '../state-directory.js';
import type { StateDirectory } from '../state-directory.js';
import { natsAccounts } from './nats-accounts.js';
import { ensureNkeys } from './nkeys.js';
import { startManagementSite } from './management-site.js';
import type { Nkeys } from './nkeys.js';
import type { Programs } from './programs.js';
import { run } from './run-to-end.js';
import { pkiFile as pki, SERVICE_NAMES, serviceProcesses } from './services.js';
import type { ServiceName } from './services.js';

export interface ManagementPlaneOptions {
  readonly state: StateDirectory;
  readonly group: ProcessGroup;
  readonly programs: Programs;
  /** Where downloads are kept; default: in the state directory. */
  readonly cacheDir?: string;
  /** Told each thing worth knowing, a line at a time. */
  readonly say?: (line: string) => void;
  /** The API port to try first; default: any free one. */
  readonly apiPort?: number;
  /** Where its ports are looked for; default: 20,000 to 31,999. */
  readonly portRange?: PortRange;
  /** False gives up safety against power loss for speed: tests only. */
  readonly durable?: boolean;
  /** What `cert-service init` is told about the root of an installation that brings its own. */
  readonly rootArguments?: readonly string[];
  /** Only these services, and no management site. Default: everything. For whoever looks at one of them alone. */
  readonly only?: readonly ServiceName[];
  /** Called when PostgreSQL and NATS run, and before any service does. */
  readonly beforeServices?: (run: RunService) => Promise<void>;
}

/** What the log calls whoever asks with the certificate of this machine's own administrator. */
const ADMINISTRATOR = 'local';

/** Runs the program of a service to its end, with arguments and the environment of that service. Resolves with what it printed. */
export type RunService = (name: ServiceName, args: readonly [string, ...string[]]) => Promise<string>;

/** A management plane that runs on this machine, and how to reach it. */
export interface ManagementPlane {
  readonly apiUrl: string;
  /** The same over TLS, with `trustFile` for those who ask and `administrator` to ask with. */
  readonly apiTlsUrl: string;
  readonly trustFile: string;
  readonly administrator: { readonly certFile: string; readonly keyFile: string };
  readonly tokenFile: string;
  readonly installation: string;
  readonly natsPort: number;
  /** On loopback: `/healthz`, `/readyz` and `/metrics` of each service. */
  readonly healthPorts: Readonly<Record<ServiceName, number>>;
  readonly managementSiteDir: string;
  readonly versions: { readonly natsServer: string };
}

interface Servers {
  readonly databaseUrl: string;
  readonly natsPort: number;
  readonly natsVersion: string;
}

/** Starts PostgreSQL, NATS, the services and the management site, each when what it stands on is ready. A second start resumes. */
export async function startManagementPlane(options: ManagementPlaneOptions): Promise<ManagementPlane> {
  const { state, group, programs, only, beforeServices } = options;
  const ports = PortBook.open(state.portsFile, options.portRange);
  const installation = keptSecret(state, 'installation', () => `caravan-${randomBytes(6).toString('hex')}`);
  const managementSiteId = keptSecret(state, 'management-site', () => randomUUID());
  keptSecret(state, 'bootstrap-token', () => randomBytes(32).toString('base64url'));
  const nkeys = ensureNkeys(state);
  const servers = await startServers(options, ports, nkeys, { installation, managementSiteId });

  const apiPort = await ports.choose('api', options.apiPort);
  const apiTlsPort = await ports.choose('api over TLS');
  const healthPorts = {} as Record<ServiceName, number>;
  for (const name of SERVICE_NAMES) healthPorts[name] = await ports.choose(`${name} health`);
  // All at once: each waits for what it stands on, and says so.
  const about = { installation, managementSiteId, apiPort, apiTlsPort, healthPorts, ...servers };
  const specs = serviceProcesses({ state, programs, nkeys, ...about });
  await beforeServices?.(async (name, args) => {
    const { command, env = process.env } = specs.find((spec) => spec.name === name)!;
    const { output } = await run({ state, group }, `${name}-${args[0]}`, command, { args, env });
    return output;
  });
  const wanted = specs.filter(({ name }) => !only || only.includes(name));
  await Promise.all(wanted.map((spec) => group.start(spec)));
  const managementSiteDir = join(state.sites, 'management');
  if (!only) await startManagementSite(options, { ...servers, installation, managementSiteId }, managementSiteDir);
  return {
    apiUrl: `http://127.0.0.1:${apiPort}/api/v1`,
    apiTlsUrl: `https://localhost:${apiTlsPort}/api/v1`,
    trustFile: pki(state, 'management-ca.pem'),
    administrator: {
      certFile: pki(state, `administrator-${ADMINISTRATOR}.pem`),
      keyFile: pki(state, `administrator-${ADMINISTRATOR}.key`),
    },
    tokenFile: join(state.secrets, 'bootstrap-token'),
    installation,
    natsPort: servers.natsPort,
    healthPorts,
    managementSiteDir,
    versions: { natsServer: servers.natsVersion },
  };
}

async function startServers(
  { state, group, programs, say, durable, rootArguments = [], cacheDir = state.cache }: ManagementPlaneOptions,
  ports: PortBook,
  nkeys: Nkeys,
  { installation, managementSiteId }: { installation: string; managementSiteId: string },
): Promise<Servers> {
  const nats = await findNatsServer({ cacheDir, ...(say && { say }) });
  const postgres = await postgresProcess({
    dataDir: state.postgres,
    passwordFile: join(state.secrets, 'postgres-password'),
    logFile: join(state.logs, 'initdb.log'),
    port: await ports.choose('postgres'),
    ...(durable !== undefined && { durable }),
  });
  await group.start(postgres.spec);
  await postgres.ensureDatabase('caravan');
  const databaseUrl = postgres.url('caravan').reveal();

  await run({ state, group }, 'cert-service-init', programs.certService, {
    args: [
      'init',
      '--out',
      join(state.secrets, 'pki'),
      '--installation',
      installation,
      '--management-site',
      managementSiteId,
      '--administrator',
      ADMINISTRATOR,
      ...rootArguments,
    ],
    env: {
      ...process.env,
      CARAVAN_INSTALLATION: installation,
      DATABASE_URL: databaseUrl,
      PKI_MASTER_KEY_FILE: join(state.secrets, 'pki-master-key'),
    },
  });

  const natsPort = await ports.choose('nats');
  const config = renderNatsConfig({
    serverName: 'caravan',
    listen: { host: '127.0.0.1', port: natsPort },
    monitorPort: await ports.choose('nats monitor'),
    tls: {
      certFile: pki(state, 'nats-server.pem'),
      keyFile: pki(state, 'nats-server.key'),
      caFile: pki(state, 'root.pem'),
    },
    jetstream: { storeDir: join(state.nats, 'jetstream') },
    ...natsAccounts(nkeys.identities),
  });
  await group.start(natsServerProcess({ bin: nats.path, config, dir: state.nats }));
  return { databaseUrl, natsPort, natsVersion: showVersion(nats.version) };
}

/** A value made at the first start and kept from then on. */
function keptSecret(state: StateDirectory, name: string, make: () => string): string {
  const path = join(state.secrets, name);
  if (!existsSync(path)) writeSecret(state, name, `${make()}\n`);
  return readFileSync(path, 'utf8').trim();
}
