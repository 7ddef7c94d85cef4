import type { Database } from '@caravan/platform';
import { CreatePki1763640000000 } from './create-pki-1763640000000.js';

export const pkiDatabase: Database = { schema: 'pki', migrations: [CreatePki1763640000000] };
