import type { Projection } from '@caravan/event-store';
import type { Database } from '@caravan/platform';
import { CreateReadModels1795000000000 } from '../migrations/1795000000000-create-read-models.js';
import { AddHaltKind1795000000001 } from '../migrations/1795000000001-add-halt-kind.js';
import { CreateLogWitness1796000000000 } from '../migrations/1796000000000-create-log-witness.js';
import { CreateRotation1797000000000 } from '../migrations/1797000000000-create-rotation.js';
import { CreateRevocation1798000000000 } from '../migrations/1798000000000-create-revocation.js';
import { CreateAuthorityRequest1799000000000 } from '../migrations/1799000000000-create-authority-request.js';
import { IndexCertificates1800000000000 } from '../migrations/1800000000000-index-certificates.js';
import { AddEndpointTls1801000000000 } from '../migrations/1801000000000-add-endpoint-tls.js';
import { AddSiteProof1802000000000 } from '../migrations/1802000000000-add-site-proof.js';
import { AddLinkCertificates1803000000000 } from '../migrations/1803000000000-add-link-certificates.js';
import { RevokeAdministrators1804000000000 } from '../migrations/1804000000000-revoke-administrators.js';
import { SuspendNetworks1805000000000 } from '../migrations/1805000000000-suspend-networks.js';
import { RememberNetworks1806000000000 } from '../migrations/1806000000000-remember-networks.js';
import { CreateInvitationClaim1807000000000 } from '../migrations/1807000000000-create-invitation-claim.js';
import { AddJoinTokens1808000000000 } from '../migrations/1808000000000-add-join-tokens.js';
import { projections } from './projections.js';
import { entityOf } from './read-model.js';

/** This service's schema: projections of the log, what sites last said, what reactions put aside, and what was seen of the log. */
export const database: Database = {
  schema: 'management',
  entities: projections.map((projection: Projection) => entityOf(projection)),
  migrations: [
    CreateReadModels1795000000000,
    AddHaltKind1795000000001,
    CreateLogWitness1796000000000,
    CreateRotation1797000000000,
    CreateRevocation1798000000000,
    CreateAuthorityRequest1799000000000,
    IndexCertificates1800000000000,
    AddEndpointTls1801000000000,
    AddSiteProof1802000000000,
    AddLinkCertificates1803000000000,
    RevokeAdministrators1804000000000,
    SuspendNetworks1805000000000,
    RememberNetworks1806000000000,
    CreateInvitationClaim1807000000000,
    AddJoinTokens1808000000000,
  ],
  poolSize: 20,
};
