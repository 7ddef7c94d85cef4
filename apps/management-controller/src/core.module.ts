import { Global, Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NATS, PG_POOL, ProjectionHost, SERVICE } from '@caravan/platform';
import type { Service } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { ApiOverTls } from './callers/api-over-tls.js';
import { BackboneNaming } from './backbones/backbone-naming.js';
import { Holdings } from './certificates/holdings.js';
import { CertificateAges } from './certificates/certificate-ages.js';
import { Issuing } from './certificates/issuing.js';
import { LockedOut } from './certificates/locked-out.js';
import { Deciders } from './deciding/deciders.js';
import { DesiredState } from './desired-state/desired-state.js';
import { INSTALLATION } from './installation.js';
import { InvitationAccessPoints } from './invitations/invitation-access-points.js';
import { MANAGEMENT_SITE, ManagementSiteRegistration } from './management-sites/registration.js';
import { NetworkEnds } from './networks/network-ends.js';
import { NetworkTeardown } from './networks/network-teardown.js';
import { PROGRESS } from './read-models/progress.js';
import { readModelsHost } from './read-models/read-models-host.js';
import { Quarantines } from './quarantine/quarantines.js';
import { ReadModels } from './read-models/read-models.js';
import { ManagementSiteWatch } from './status/management-site-watch.js';
import { Peers } from './status/peers.js';
import { DepartedSites } from './reports/departed-sites.js';
import { SiteSightings } from './reports/site-sightings.js';
import { ClosingStatements } from './revocations/closing-statements.js';
import { RevocationEnforcing } from './revocations/enforcing.js';
import { StatementSigner } from './revocations/statement-signer.js';
import { RotationAdvancing } from './rotations/advancing.js';
import { InstallationProgress } from './rotations/installation-progress.js';
import { RotationsByAge } from './rotations/rotations-by-age.js';
import { RotationsFromAbove } from './rotations/rotations-from-above.js';
import { SystemConnection } from './site-access/system-connection.js';
import { Recoveries, RECOVERY_WITHIN_MS } from './site-endpoints/recoveries.js';
import { JoinReplies } from './site-endpoints/join-replies.js';
import type { Variables } from './variables.js';

const shared = [
  Deciders,
  BackboneNaming,
  InvitationAccessPoints,
  Issuing,
  CertificateAges,
  Holdings,
  LockedOut,
  DesiredState,
  ReadModels,
  Quarantines,
  SiteSightings,
  JoinReplies,
  Recoveries,
  Peers,
  SystemConnection,
  NetworkTeardown,
];

/** What the API, the site endpoints and the reactions stand on. */
@Global()
@Module({})
export class CoreModule {
  static of(variables: Variables): DynamicModule {
    const { MANAGEMENT_SITE_ID, CONTROL_HOST, CONTROL_PORT, CARAVAN_INSTALLATION, RECOVERY_SECONDS } = variables;
    const { NATS_CERT_FILE, NATS_KEY_FILE } = variables;
    return {
      module: CoreModule,
      providers: [
        ...shared,
        {
          provide: ProjectionHost,
          inject: [NATS, PG_POOL, SERVICE],
          useFactory: (nc: NatsConnection, pool: Pool, service: Service) => readModelsHost({ nc, pool, service }),
        },
        ManagementSiteRegistration,
        ManagementSiteWatch,
        DepartedSites,
        NetworkEnds,
        RevocationEnforcing,
        ClosingStatements,
        RotationAdvancing,
        RotationsByAge,
        RotationsFromAbove,
        InstallationProgress,
        {
          provide: StatementSigner,
          useFactory: () => new StatementSigner({ certFile: NATS_CERT_FILE, keyFile: NATS_KEY_FILE }),
        },
        { provide: ApiOverTls, useFactory: () => ApiOverTls.of(variables) },
        { provide: PROGRESS, useExisting: ProjectionHost },
        { provide: INSTALLATION, useValue: CARAVAN_INSTALLATION },
        { provide: RECOVERY_WITHIN_MS, useValue: RECOVERY_SECONDS * 1_000 },
        {
          provide: MANAGEMENT_SITE,
          useValue: { siteId: MANAGEMENT_SITE_ID, controlHost: CONTROL_HOST, controlPort: CONTROL_PORT },
        },
      ],
      exports: [
        ...shared,
        RevocationEnforcing,
        ClosingStatements,
        RotationAdvancing,
        RotationsByAge,
        ProjectionHost,
        ApiOverTls,
        PROGRESS,
        INSTALLATION,
        RECOVERY_WITHIN_MS,
      ],
    };
  }
}
