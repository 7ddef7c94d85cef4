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
import type { Authorities } from '../authorities/authorities.js';
import { Awaiting } from '../authorities/awaiting.js';
import type { Cause } from '../authorities/cause.js';
import type { BroughtRoot } from '../authorities/establish.js';
import { openAuthorities } from '../authorities/open-authorities.js';
import { CertificateStore } from '../certificates/certificate-store.js';
import { NO_BACKBONES } from '../issuers/choice.js';
import { NOBODY_GONE } from '../issuers/owners.js';
import { Issuing } from '../issuing/issuing.js';
import { pkiDatabase } from '../migrations/index.js';
import { recordLater } from '../recording/recorder.js';
import { MasterKeys } from '../sealed-keys/master-keys.js';
import { Vault } from '../sealed-keys/vault.js';
import { initVariables } from '../variables.js';
import { initArguments } from './arguments.js';
import type { InitArguments } from './arguments.js';
import { readBroughtRoot } from './brought-root.js';
import { createMasterKeyFile } from './create-master-key.js';
import { credentialOf, credentials } from '../credentials/credential.js';
import type { Credential } from '../credentials/credential.js';
import { writeCredentialFiles } from '../credentials/credential-files.js';
import { latestOf } from '../credentials/ensure-credential.js';
import { signing } from '../installation/generation.js';
import { StoredGeneration } from '../installation/generations.js';
import { SignedFile } from './signed-file.js';

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
    const generation = await new StoredGeneration(pool).read();
    const offline = new SignedFile(wanted.out, wanted.signed);
    const authorities = openAuthorities({
      ...{ installation: wanted.installation, pool, masterKeys, recorder: recordLater, clock: systemClock },
      ordinals: { inUse: () => Promise.resolve(signing(generation)) }, // nothing but the installation's own is used here
      terms: { keyKinds: config.AUTHORITY_KEYS },
      issuers: {
        ...{ chosen: config.AUTHORITY_ISSUERS, backbones: NO_BACKBONES, owners: NOBODY_GONE },
        outside: { offline },
      },
    });
    const now = systemClock.now();
    const cause = causeOfInit(now);
    await establishRoot(authorities, { cause, brought, isNext: wanted.isNextRoot, inUse: signing(generation) });
    await authorities
      .inUse({ kind: 'management', installation: wanted.installation }, cause)
      .catch((error: unknown) => {
        throw error instanceof Awaiting ? offline.remedy(error) : error;
      });
    const issuing = new Issuing(
      { installation: wanted.installation },
      authorities,
      certificates,
      recordLater,
      systemClock,
      log,
    );
    const { issued } = await writeCredentialFiles({
      installation: wanted.installation,
      directory: wanted.out,
      ...{ now, cause, issuing, certificates, authorities, generation },
      credentials: await credentialsOf(wanted, certificates),
    });
    log.info({ issued, ...generation }, 'credentials are there');
  } finally {
    await source.destroy();
  }
}

/** Without a host said, where servers were reached before: whoever adds an administrator takes no name from anybody. */
async function credentialsOf(wanted: InitArguments, certificates: CertificateStore): Promise<Credential[]> {
  const { installation, natsHosts, apiHosts } = wanted;
  const before = async (kind: 'nats-server' | 'api-server'): Promise<readonly string[]> =>
    (await latestOf(credentialOf({ kind }), { installation, certificates })).latest?.hosts ?? [];
  return credentials({
    ...wanted,
    natsHosts: natsHosts.length > 0 ? natsHosts : await before('nats-server'),
    apiHosts: apiHosts.length > 0 ? apiHosts : await before('api-server'),
  });
}

interface WantedRoot {
  readonly cause: Cause;
  readonly brought: BroughtRoot | undefined;
  /** It is to replace the one in use when that is rotated. */
  readonly isNext: boolean;
  /** The ordinal in use. */
  readonly inUse: number;
}

async function establishRoot(authorities: Authorities, { cause, brought, isNext, inUse }: WantedRoot): Promise<void> {
  const root = await authorities.establishRoot(cause, isNext ? undefined : brought, inUse);
  if (!brought) return;
  const wanted = isNext ? await authorities.establishRoot(cause, brought, inUse + 1) : root;
  if (wanted.data.certificate !== brought.certificatePem) throw anotherRoot(wanted.data.subject);
}

const anotherRoot = (subject: string): ConfigurationError =>
  new ConfigurationError([
    {
      variable: '--root-certificate',
      says: `is another one than the root of this installation (${subject})`,
      remedy: 'nothing was changed; to replace it, bring yours with --next, and rotate the installation',
    },
  ]);

const causeOfInit = (now: Date): Cause => ({
  now,
  actor: { kind: 'service', id: 'cert-service' },
  via: 'startup',
  source: 'cert-service',
  correlationId: 'init',
  causationId: 'init',
  ownerGroup: null,
});
