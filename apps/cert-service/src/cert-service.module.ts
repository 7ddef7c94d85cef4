import { Inject, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { EventStore } from '@caravan/event-store';
import {
  CLOCK,
  Counter,
  EVENT_STORE,
  EventLogModule,
  installationOwnerId,
  NATS,
  NatsModule,
  PG_POOL,
  PostgresModule,
  SelfReportModule,
  SERVICE,
  ServiceModule,
} from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { Authorities } from './authorities/authorities.js';
import { openAuthorities } from './authorities/open-authorities.js';
import { AuthoritiesReaction } from './authorities/authorities.reaction.js';
import { RecordedOrdinals } from './authorities/ordinals.js';
import { CertificateStore } from './certificates/certificate-store.js';
import { CredentialKeeper } from './credentials/credential-keeper.js';
import { InstallationTrustAnswers } from './installation/answers.js';
import { StoredGeneration } from './installation/generations.js';
import { InstallationReaction } from './installation/installation.reaction.js';
import { InstallationTrust } from './installation/installation-trust.js';
import { RecordedBackboneIssuers } from './issuers/choice.js';
import { RecordedOwners } from './issuers/owners.js';
import { outsideIssuers } from './issuers/outside-issuers.js';
import { Issuing } from './issuing/issuing.js';
import type { IssuingTerms } from './issuing/sign.js';
import { IssuingReaction } from './issuing/issuing.reaction.js';
import { Waiting } from './issuing/waiting.js';
import { pkiDatabase } from './migrations/index.js';
import { Outbox } from './recording/outbox.js';
import { LogRecorder } from './recording/recorder.js';
import { RecordedMarks } from './recording/recorded-marks.js';
import type { MasterKeys } from './sealed-keys/master-keys.js';
import { revocationProviders } from './revocation/providers.js';
import type { CertServiceVariables } from './variables.js';

/** The parts of the service. The master keys were checked against the vault before. */
@Module({})
export class CertServiceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(Waiting) private readonly waiting: Waiting,
    @Inject(CredentialKeeper) private readonly keeper: CredentialKeeper,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  static of(config: CertServiceVariables, masterKeys: MasterKeys, service: Service): DynamicModule {
    const installation = config.CARAVAN_INSTALLATION;
    return {
      module: CertServiceModule,
      imports: [
        ServiceModule.of(service),
        PostgresModule.of(config, pkiDatabase),
        NatsModule.of(config),
        EventLogModule.of({ witnessed: true }),
        SelfReportModule.of(),
      ],
      controllers: [AuthoritiesReaction, InstallationReaction, IssuingReaction],
      providers: [
        {
          provide: RecordedMarks,
          inject: [PG_POOL],
          useFactory: (pool: Pool) => new RecordedMarks(pool, service.log),
        },
        {
          provide: LogRecorder,
          inject: [EVENT_STORE, RecordedMarks],
          useFactory: (log: EventStore, marks: RecordedMarks) => new LogRecorder(log, marks),
        },
        {
          provide: Outbox,
          inject: [PG_POOL, LogRecorder, RecordedMarks],
          useFactory: (pool: Pool, recorder: LogRecorder, marks: RecordedMarks) =>
            new Outbox(pool, recorder, marks, service.log),
        },
        {
          provide: Authorities,
          inject: [PG_POOL, LogRecorder, EVENT_STORE, CLOCK],
          useFactory: (pool: Pool, recorder: LogRecorder, log: EventStore, clock: Clock) =>
            openAuthorities({
              ...{ installation, pool, masterKeys, recorder, clock },
              ordinals: new RecordedOrdinals(log),
              terms: { crlBaseUrl: config.CRL_BASE_URL, keyKinds: config.AUTHORITY_KEYS },
              issuers: {
                chosen: config.AUTHORITY_ISSUERS,
                backbones: new RecordedBackboneIssuers(log),
                outside: outsideIssuers(config, log, clock),
                owners: new RecordedOwners(log),
              },
            }),
        },
        {
          provide: Issuing,
          inject: [Authorities, PG_POOL, LogRecorder, CLOCK],
          useFactory: (authorities: Authorities, pool: Pool, recorder: LogRecorder, clock: Clock) =>
            new Issuing(
              termsOf(config),
              authorities,
              new CertificateStore(pool),
              recorder,
              clock,
              service.log,
              counterOf(service),
            ),
        },
        ...revocationProviders(service),
        {
          provide: CredentialKeeper,
          inject: [PG_POOL, EVENT_STORE, Authorities, Issuing, CLOCK],
          useFactory: (pool: Pool, eventLog: EventStore, authorities: Authorities, issuing: Issuing, clock: Clock) =>
            new CredentialKeeper({
              ...{ installation, pool, eventLog, authorities, issuing, clock },
              ownerId: installationOwnerId(installation),
              directory: config.CREDENTIALS_DIRECTORY,
              stored: new StoredGeneration(pool),
              certificates: new CertificateStore(pool),
              log: service.log,
            }),
        },
        {
          provide: InstallationTrust,
          inject: [NATS, Authorities, Issuing, CredentialKeeper, CLOCK],
          useFactory: (
            nats: NatsConnection,
            authorities: Authorities,
            issuing: Issuing,
            keeper: CredentialKeeper,
            clock: Clock,
          ) =>
            new InstallationTrust({
              installation,
              natsUrl: config.NATS_URL,
              nats,
              authorities,
              issuing,
              keeper,
              clock,
            }),
        },
        InstallationTrustAnswers,
        { provide: Waiting, inject: [CLOCK], useFactory: (clock: Clock) => new Waiting(() => clock.now().getTime()) },
      ],
    };
  }

  /** What the last run committed and did not record is recorded before anything new is signed. */
  async onApplicationBootstrap(): Promise<void> {
    this.service.health.watch('issuing', () => this.waiting.says());
    this.service.health.watch('outbox', () => this.outbox.trouble());
    this.service.health.watch('credentials', () => this.keeper.trouble());
    await this.outbox.start();
    await this.keeper.start();
  }

  /** After the reactions have stopped, and before the database goes. */
  async onApplicationShutdown(): Promise<void> {
    await this.keeper.stop();
    await this.outbox.stop();
  }
}

const counterOf = ({ metrics }: Service): Counter<'profile' | 'outcome'> =>
  new Counter({
    name: 'caravan_certificates_total',
    help: 'Certificates by profile and outcome: issued, or the code of the refusal',
    labelNames: ['profile', 'outcome'],
    registers: [metrics],
  });

const termsOf = ({
  CARAVAN_INSTALLATION: installation,
  SITE_CERTIFICATE_SECONDS: seconds,
  CRL_BASE_URL: crlBaseUrl,
}: CertServiceVariables): IssuingTerms => ({
  installation,
  crlBaseUrl,
  ...(seconds !== undefined && { siteLifetimeMs: seconds * 1000 }),
});
