import {
  natsVariables,
  port,
  postgresVariables,
  processVariables,
  readableFile,
  siteProtocolVariables,
} from '@caravan/platform';
import { z } from 'zod';

/** What the management controller is told. */
export const variables = z.object({
  ...processVariables,
  ...natsVariables,
  ...siteProtocolVariables,
  ...postgresVariables,
  API_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('where the API listens; put a TLS proxy before any other than loopback'),
  API_PORT: port().default(4400).describe('the port of the API'),
  BOOTSTRAP_TOKEN_FILE: readableFile().describe('file with the token of the service administrator'),
  CALLOUT_NKEY_SEED_FILE: readableFile().describe('file with the nkey seed (SU...) of the user in the AUTH account'),
  CALLOUT_ISSUER_SEED_FILE: readableFile().describe('file with the account seed (SA...) that the callout answers with'),
  SYSTEM_NKEY_SEED_FILE: readableFile().describe('file with the nkey seed (SU...) of the user in the SYS account'),
  SITES_ACCOUNT: z.string().default('SITES').describe('the NATS account that sites are put in'),
  LOG_REPLICAS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('copies of the log when it is made: 3 on a cluster'),
  RECOVERY_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .default(90 * 86_400)
    .describe(
      'how long after its certificate was over a member may have it renewed, by its key and an invitation of its network; 0: never',
    ),
  MANAGEMENT_SITE_ID: z.uuid().describe('the id of the management plane’s own site'),
  CONTROL_HOST: z.string().describe('where the management site finds the NATS server'),
  CONTROL_PORT: port().describe('and on which port'),
});
export type Variables = z.output<typeof variables>;
