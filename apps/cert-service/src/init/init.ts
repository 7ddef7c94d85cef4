import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  ConfigurationError,
  createLog,
  createMetrics,
  Health,
  openDataSource,
  poolOf,
  readConfig,
} from '@caravan/platform';
import { systemClock } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import { Authorities } from '../authorities/authorities.js';
import type { Cause } from '../authorities/authorities.js';
import { AuthorityStore } from '../authorities/authority-store.js';
import { firstOrdinals } from '../authorities/ordinals.js';
import { CertificateStore } from '../certificates/certificate-store.js';
import { Issuing } from '../issuing/issuing.js';
import { pkiDatabase } from '../migrations/index.js';
import { recordLater } from '../recording/recorder.js';
import { MasterKeys } from '../sealed-keys/master-keys.js';
import { SealedKeys } from '../sealed-keys/sealed-keys.js';
import { Vault } from '../sealed-keys/vault.js';
import { initVariables } from '../variables.js';
import { initArguments } from './arguments.js';
import { readBroughtRoot } from './brought-root.js';
import { createMasterKeyFile } from './create-master-key.js';
import { credentials } from './credential.js';
import { ensureCredential } from './ensure-credential.js';
import { readIfThere, replaceFile } from './files.js';

const READABLE = 0o644;

/**
 * `init`: what has to be there before NATS can start. Needs PostgreSQL only; the events of what it makes are recorded when the
 * service starts. Running it again changes nothing but what is about to expire.
 */
export async function init(argv: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const wanted = initArguments(argv, environment);
  const config = readConfig(initVariables, { ...environment, CARAVAN_INSTALLATION: wanted.installation });
  const log = createLog('cert-service', config.LOG_LEVEL);
  const brought = wanted.root && (await readBroughtRoot(wanted.root, wanted.installation, systemClock.now()));
  const service: Service = { name: 'cert-service', log, health: new Health(), metrics: createMetrics('cert-service') };
  const source = await openDataSource(config, pkiDatabase, service);
  try {
    const pool = poolOf(source);
    const vault = new Vault(pool);
    if (!(await vault.exists())) createMasterKeyFile(config);
    const masterKeys = await MasterKeys.from(config);
    await vault.open(masterKeys, wanted.installation);

    const certificates = new CertificateStore(pool);
    const authorities = new Authorities(
      wanted.installation,
      new AuthorityStore(pool),
      new SealedKeys(masterKeys, vault),
      recordLater,
      firstOrdinals,
      systemClock,
    );
    const now = systemClock.now();
    const cause = causeOfInit(now);
    const root = await authorities.establishRoot(cause, brought);
    if (brought && root.data.certificate !== brought.certificatePem) throw anotherRoot(root.data.subject);
    const management = await authorities.inUse({ kind: 'management', installation: wanted.installation }, cause);

    mkdirSync(wanted.out, { recursive: true, mode: 0o700 });
    put(wanted.out, 'root.pem', root.data.certificate);
    put(wanted.out, 'management-ca.pem', management.data.certificate);
    const issuing = new Issuing(
      { installation: wanted.installation },
      authorities,
      certificates,
      recordLater,
      systemClock,
      log,
    );
    const workshop = { installation: wanted.installation, directory: wanted.out, now, cause, issuing, certificates };
    for (const credential of credentials(wanted.natsHosts, wanted.managementSite)) {
      const issued = await ensureCredential(credential, workshop);
      log.info({ file: credential.file, issued }, issued ? 'certificate issued' : 'certificate is good');
    }
  } finally {
    await source.destroy();
  }
}

const anotherRoot = (subject: string): ConfigurationError =>
  new ConfigurationError([
    {
      variable: '--root-certificate',
      says: `is another one than the root of this installation (${subject})`,
      remedy: 'nothing was changed; an installation has the root that it was begun with',
    },
  ]);

function put(directory: string, file: string, text: string): void {
  const path = join(directory, file);
  if (readIfThere(path) !== text) replaceFile(path, text, READABLE);
}

const causeOfInit = (now: Date): Cause => ({
  now,
  actor: { kind: 'service', id: 'cert-service' },
  via: 'startup',
  source: 'cert-service',
  correlationId: 'init',
  causationId: 'init',
  ownerGroup: null,
});
