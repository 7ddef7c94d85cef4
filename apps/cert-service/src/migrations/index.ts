import type { Database } from '@caravan/platform';
import { CreateAuthorityRequests1800000000000 } from './create-authority-requests-1800000000000.js';
import { CreateInstallationGeneration1799000000000 } from './create-installation-generation-1799000000000.js';
import { CreateLogWitness1796000000000 } from './create-log-witness-1796000000000.js';
import { CreateRevocation1798000000000 } from './create-revocation-1798000000000.js';
import { RevokedIsAProjection1801000000000 } from './revoked-is-a-projection-1801000000000.js';
import { CreatePki1763640000000 } from './create-pki-1763640000000.js';

export const pkiDatabase: Database = {
  schema: 'pki',
  migrations: [
    CreatePki1763640000000,
    CreateLogWitness1796000000000,
    CreateRevocation1798000000000,
    CreateInstallationGeneration1799000000000,
    CreateAuthorityRequests1800000000000,
    RevokedIsAProjection1801000000000,
  ],
};
