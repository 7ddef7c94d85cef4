import { join } from 'node:path';
import { CertificateIssued } from '@caravan/events';
import type { EventOf, InstallationTrustReply } from '@caravan/events';
import type { EventStore } from '@caravan/event-store';
import type { Clock, Log } from '@caravan/platform';
import type { Pool } from 'pg';
import type { Authorities } from '../authorities/authorities.js';
import type { Cause } from '../authorities/cause.js';
import type { CertificateStore } from '../certificates/certificate-store.js';
import type { Generation } from '../installation/generation.js';
import { recordedGeneration } from '../installation/generations.js';
import type { StoredGeneration } from '../installation/generations.js';
import type { Issuing } from '../issuing/issuing.js';
import { CREDENTIAL_HOLDERS, credentialOf, isCredentialHolder } from './credential.js';
import type { Credential } from './credential.js';
import { writeCredentialFiles } from './credential-files.js';
import { latestOf } from './ensure-credential.js';
import { readIfThere } from './files.js';

type Issued = EventOf<typeof CertificateIssued>['data'];

const LOOK_EVERY_MS = 60 * 60 * 1000;

export interface CredentialKeeperOptions {
  readonly installation: string;
  readonly ownerId: string;
  /** Where nats-server and the services have their credentials from; undefined: somebody else sees to that, with `init`. */
  readonly directory: string | undefined;
  readonly pool: Pool;
  readonly eventLog: Pick<EventStore, 'read'>;
  readonly stored: StoredGeneration;
  readonly authorities: Authorities;
  readonly certificates: CertificateStore;
  readonly issuing: Issuing;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Keeps the credential files as the rotation of the installation has them, and renews them when they grow old. Whose they are and where
 * they are reached is what `init` had certified before.
 */
export class CredentialKeeper {
  #timer: NodeJS.Timeout | undefined;
  #keeping: Promise<void> = Promise.resolve();
  #trouble: string | undefined;
  files: InstallationTrustReply['files'] = null;

  constructor(private readonly options: CredentialKeeperOptions) {}

  /** For the health port. */
  trouble(): string | undefined {
    return this.#trouble;
  }

  generation(): Promise<Generation> {
    return recordedGeneration(this.options.eventLog, this.options.ownerId);
  }

  async start(): Promise<void> {
    await this.keep().catch(() => undefined); // its trouble says so, and it is tried again
    this.#timer = setInterval(() => void this.keep().catch(() => undefined), LOOK_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#keeping;
  }

  /**
   * One at a time. Resolves with whether all is as it should be; or not yet, since the next authorities are still to come.
   * @throws what stands in the way, which the health port says as well
   */
  keep(): Promise<boolean> {
    const keeping = this.#keeping.then(() => this.#keep());
    this.#keeping = keeping.then(
      () => undefined,
      (error: unknown) => {
        this.#trouble = `credential files are not as they should be: ${(error as Error).message}`;
        this.options.log.error({ err: error }, this.#trouble);
      },
    );
    return keeping;
  }

  async #keep(): Promise<boolean> {
    const { directory, stored, installation, authorities, certificates, issuing, clock, log } = this.options;
    const generation = await this.generation();
    await stored.write(generation);
    this.#trouble = undefined;
    if (directory === undefined) return true;
    const now = clock.now();
    const credentials: Credential[] = [];
    for (const each of await this.#credentials()) if (await this.#isKept(each, directory)) credentials.push(each);
    const about = { installation, directory, now, cause: causeAt(now), issuing, certificates };
    const { issued, isComplete } = await writeCredentialFiles({ ...about, authorities, generation, credentials });
    if (issued.length > 0) log.info({ issued, ...generation }, 'credentials renewed');
    if (!isComplete) return false;
    const { ordinal, phase } = this.files ?? {};
    const isAsBefore = ordinal === generation.ordinal && phase === generation.phase && issued.length === 0;
    if (!isAsBefore) this.files = { ...generation, since: clock.now().toISOString() };
    return true;
  }

  /** Of each holder what was certified last. */
  async #credentials(): Promise<Credential[]> {
    const { rows } = await this.options.pool.query<{ event: Issued }>(
      `select distinct on (event -> 'holder' ->> 'kind', event -> 'holder' ->> 'name', event -> 'holder' ->> 'siteId') event
       from (select event::jsonb as event, created_at from certificates
             where holder_kind = any($2) and event_type = $1) as issued
       order by event -> 'holder' ->> 'kind', event -> 'holder' ->> 'name', event -> 'holder' ->> 'siteId', created_at desc`,
      [CertificateIssued.type, CREDENTIAL_HOLDERS],
    );
    return rows.flatMap(({ event: { holder, hosts } }) =>
      isCredentialHolder(holder) ? credentialOf(holder, hosts) : [],
    );
  }

  /** Who administers is for people to say: one whose files were removed, or whose certificate was revoked, gets no other from here. */
  async #isKept(credential: Credential, directory: string): Promise<boolean> {
    if (credential.holder.kind !== 'administrator') return true;
    const { installation, certificates } = this.options;
    if (readIfThere(join(directory, `${credential.file}.key`)) === undefined) return false;
    const { latest } = await latestOf(credential, { installation, certificates });
    return latest === undefined || !(await certificates.isRevoked(latest.certificateId));
  }
}

const causeAt = (now: Date): Cause => ({
  now,
  actor: { kind: 'service', id: 'cert-service' },
  via: 'reaction',
  source: 'cert-service',
  correlationId: 'credentials',
  causationId: 'credentials',
  ownerGroup: null,
});
