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
    .describe('where the API listens without TLS; leave it on loopback, or put a TLS proxy before it'),
  API_PORT: port().default(4400).describe('the port of the API without TLS'),
  API_TLS_HOST: z.string().default('127.0.0.1').describe('where the API listens over TLS; 0.0.0.0: everywhere'),
  API_TLS_PORT: port().optional().describe('the port of the API over TLS; absent: none'),
  API_CERT_FILE: readableFile()
    .optional()
    .describe('PEM file of the API’s certificate, leaf first; read again when it is replaced'),
  API_KEY_FILE: readableFile().optional().describe('PEM file of its key; read again when it is replaced'),
  API_CLIENT_CA_FILE: readableFile()
    .optional()
    .describe('PEM file of the authorities whose administrators are let in: management-ca.pem of cert-service init'),
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
