import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import {
  BackboneCreated,
  backboneStream,
  CertificateIssued,
  CertificateRefused,
  certificateStream,
  DELETE_AFTER_SECONDS,
  INSTALLATION_ISSUERS,
  MemberAdmitted,
  memberStream,
  NetworkCreated,
  networkStream,
} from '@caravan/events';
import type { AuthorityEstablished, Event, EventOf, StreamName } from '@caravan/events';
import { ensureLog, JetStreamEventStore } from '@caravan/event-store/jetstream';
import type { RecordedEvent } from '@caravan/event-store';
import { createCsr, generateKeyPair, Secret } from '@caravan/pki';
import type { KeyKind } from '@caravan/pki';
import { createLog, createMetrics, Health, newId } from '@caravan/platform';
import type { Running, Service } from '@caravan/platform';
import { poolOn, useNats, usePostgres } from '@caravan/testing/servers';
import type { TestNats, TestPostgres } from '@caravan/testing/servers';
import { jetstreamManager } from '@nats-io/jetstream';
import type { Pool } from 'pg';
import { init } from './init/init.js';
import type { MasterKeyVariables } from './sealed-keys/master-keys.js';
import { serve } from './serve.js';
import type { CertServiceVariables } from './variables.js';

export type Issued = EventOf<typeof CertificateIssued>['data'];
export type Authority = EventOf<typeof AuthorityEstablished>['data'];

export type BackboneIssuers = EventOf<typeof BackboneCreated>['data']['issuers'];

/** The ids of one member and of what it belongs to. */
export interface Ids {
  readonly backboneId: string;
  readonly networkId: string;
  readonly invitationId: string;
  readonly memberId: string;
  readonly certificateId: string;
}

export const CLAIMANT_KEY = 'a'.repeat(64);
/** Certificates that `init` makes: of nats-server, the API and three services. */
export const BY_INIT = 5;
export const LONG_AGO = '2020-01-01T00:00:00.000Z';
const NO_CLUSTER = {
  CERT_MANAGER_NAMESPACE: 'caravan',
  KUBERNETES_API_URL: 'https://127.0.0.1:9',
  KUBERNETES_TOKEN_FILE: '/nowhere/token',
  KUBERNETES_CA_FILE: '/nowhere/ca.crt',
};
const MASTER_KEY = 'ab'.repeat(32);

export const newIds = (of: Partial<Ids> = {}): Ids => ({
  backboneId: newId(),
  networkId: newId(),
  invitationId: newId(),
  memberId: newId(),
  certificateId: newId(),
  ...of,
});

/** The CSR wishes for a name that no certificate may take over. */
export const csrOf = (kind?: KeyKind): string =>
  createCsr({ subject: { commonName: 'evil' }, keyPair: generateKeyPair(kind) });

export const newService = (): Service => ({
  name: 'cert-service',
  log: createLog('cert-service', 'fatal'),
  health: new Health(),
  metrics: createMetrics('cert-service'),
});

/** A log, a database and any number of certificate services on them, with the events that make them work. */
export class TestInstallation {
  readonly directory = mkdtempSync(join(tmpdir(), 'caravan-certs-'));
  database!: string;
  pool!: Pool;
  log!: JetStreamEventStore;
  #running: Running[] = [];
  #commands = 0;

  constructor(
    private readonly nats: TestNats,
    private readonly postgres: TestPostgres,
  ) {}

  async open(): Promise<this> {
    await this.useFreshDatabase();
    const connection = await this.nats.connect();
    await (await jetstreamManager(connection)).streams.delete('CARAVAN').catch(() => undefined);
    await ensureLog(connection);
    this.log = new JetStreamEventStore(connection);
    return this;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.pool.end();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async useFreshDatabase(): Promise<void> {
    this.database = await this.postgres.createDatabase();
    await (this.pool as Pool | undefined)?.end();
    this.pool = poolOn(this.database, { options: '-c search_path=pki' });
  }

  /** What a process of its own is told. */
  environment(): Record<string, string> {
    return {
      CARAVAN_INSTALLATION: 'acme',
      DATABASE_URL: this.database,
      NATS_URL: this.nats.url,
      PKI_MASTER_KEY: MASTER_KEY,
      LOG_LEVEL: 'error',
    };
  }

  init(out = this.directory, environment = this.environment(), more: readonly string[] = []): Promise<void> {
    return init(['--out', out, ...more], environment);
  }

  async start(
    masterKey: MasterKeyVariables = { PKI_MASTER_KEY: new Secret(MASTER_KEY) },
    more: Partial<CertServiceVariables> = {},
  ): Promise<Service> {
    const service = newService();
    const config = {
      CARAVAN_INSTALLATION: 'acme',
      LOG_LEVEL: 'error',
      NATS_URL: this.nats.url,
      NATS_TLS_HANDSHAKE_FIRST: false,
      ...NO_CLUSTER,
      DATABASE_URL: new Secret(this.database),
      ...masterKey,
      ...more,
    } as const;
    this.#running.push(await serve(config, service));
    return service;
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = [];
    await Promise.all(running.map((service) => service.close()));
  }

  async append(stream: StreamName, event: Event): Promise<void> {
    const { revision, lastCommitHash } = await this.log.read(stream);
    const metadata = {
      commandId: `test-${++this.#commands}`,
      now: new Date(),
      actor: { kind: 'administrator', id: 'a' },
      via: 'api',
      source: 'test',
      correlationId: `request-${stream}`,
      causationId: `request-${stream}`,
      ownerGroup: null,
    } as const;
    const options = { expectedRevision: revision, previousHash: lastCommitHash, metadata };
    expect((await this.log.append(stream, [event], options)).outcome).toBe('appended');
  }

  /** What another service of the management plane would be answered. */
  async ask(subject: string, request: unknown): Promise<unknown> {
    const connection = await this.nats.connect();
    return (await connection.request(subject, JSON.stringify(request), { timeout: 5_000 })).json();
  }

  async backbone({ backboneId }: Ids, issuers: BackboneIssuers = INSTALLATION_ISSUERS): Promise<void> {
    await this.append(backboneStream(backboneId), BackboneCreated({ backboneId, name: 'demo', issuers }));
  }

  async network({ networkId, backboneId }: Ids, startsAt = LONG_AGO, endsAt: string | null = null): Promise<void> {
    const term = { startsAt, endsAt, deleteAfterSeconds: DELETE_AFTER_SECONDS };
    const event = NetworkCreated({ networkId, backboneId, name: 'retail', ...term });
    await this.append(networkStream(networkId), event);
  }

  async member(ids: Ids, csr = csrOf()): Promise<void> {
    const site = { name: 'store-1', siteClasses: [], memberAccessPoints: [], claimantKey: CLAIMANT_KEY };
    await this.append(memberStream(ids.memberId), MemberAdmitted({ ...ids, ...site, csr, details: {} }));
  }

  /** A backbone, a network on it, and a member of that. */
  async all(ids: Ids): Promise<void> {
    await this.backbone(ids);
    await this.network(ids);
    await this.member(ids);
  }

  decided(certificateId: string, ms = 20_000): Promise<readonly RecordedEvent[] | undefined> {
    const any = (events: readonly RecordedEvent[]) => (events.length > 0 ? events : undefined);
    return this.log.waitForStream(certificateStream(certificateId), any, { signal: AbortSignal.timeout(ms) });
  }

  async issued(certificateId: string): Promise<Issued> {
    const events = await this.decided(certificateId);
    expect(events?.map(({ type }) => type)).toEqual([CertificateIssued.type]);
    return events![0]!.data as Issued;
  }

  async refusal(certificateId: string): Promise<EventOf<typeof CertificateRefused>['data']> {
    const events = await this.decided(certificateId);
    expect(events?.map(({ type }) => type)).toEqual([CertificateRefused.type]);
    return events![0]!.data as EventOf<typeof CertificateRefused>['data'];
  }

  async authorities(): Promise<Authority[]> {
    const { rows } = await this.pool.query<{ event: Authority }>('select event from authorities order by created_at');
    return rows.map(({ event }) => event);
  }

  async authority(kind: string): Promise<string> {
    return (await this.authorities()).find((authority) => authority.kind === kind)!.certificate;
  }

  /** How many commits each stream has that the filter finds. */
  async commits(filter: string): Promise<number[]> {
    const manager = await jetstreamManager(await this.nats.connect());
    const { state } = await manager.streams.info('CARAVAN', { subjects_filter: filter });
    return Object.values(state.subjects ?? {});
  }
}

/** Real servers for a spec file; an empty log and an empty database for each test. */
export function useInstallation(): () => TestInstallation {
  const nats = useNats({ jetstream: true });
  const postgres = usePostgres();
  let installation: TestInstallation;
  beforeEach(async () => {
    installation = await new TestInstallation(nats(), postgres()).open();
  });
  afterEach(() => installation.close());
  return () => installation;
}
