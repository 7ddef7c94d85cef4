import type { Provider } from '@nestjs/common';
import { CLOCK, NATS, PG_POOL, ProjectionHost } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Pool } from 'pg';
import { Authorities } from '../authorities/authorities.js';
import { RevocationListAnswers } from './answers.js';
import { RevocationLists } from './lists.js';
import { Revocations } from './revocations.js';
import { revokedProjection } from './revoked.projection.js';

const PATIENCE_MS = 3_000;

/** Neither does who cannot tell: the log is away, or the projection has halted, which is told elsewhere. */
const knowsAll = (projections: ProjectionHost) => () => projections.reachEnd(PATIENCE_MS).catch(() => false);

/** What is revoked, kept up with the log, and the lists that say so. */
export const revocationProviders = (service: Service): Provider[] => [
  { provide: Revocations, inject: [PG_POOL], useFactory: (pool: Pool) => new Revocations(pool) },
  {
    provide: RevocationLists,
    inject: [Authorities, Revocations, CLOCK, ProjectionHost],
    useFactory: (authorities: Authorities, revocations: Revocations, clock: Clock, projections: ProjectionHost) =>
      new RevocationLists(authorities, revocations, clock, knowsAll(projections)),
  },
  RevocationListAnswers,
  {
    provide: ProjectionHost,
    inject: [NATS, PG_POOL],
    useFactory: (nc: NatsConnection, pool: Pool) =>
      new ProjectionHost({
        ...{ nc, pool, service, name: 'revocations', projections: [revokedProjection], hinders: false },
        without: (_, position) =>
          `Lists of revoked certificates are not signed any more, the last ones say what was revoked up to ${position} at most; relays and NATS refuse by what they are told`,
      }),
  },
];
