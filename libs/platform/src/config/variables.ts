import { readFileSync } from 'node:fs';
import { Secret } from '@caravan/pki';
import { z } from 'zod';

/** A value that never appears in a log, an error or a dump. */
export const secret = () =>
  z
    .string()
    .min(1)
    .transform((value) => new Secret(value));

/** The path of a file that can be read now: a mistyped one is found at start, not at the first reconnect. */
export const readableFile = () =>
  z.string().refine(isReadable, { error: ({ input }) => `there is no file ${String(input)} that can be read` });

export const flag = () => z.enum(['true', 'false']).transform((value) => value === 'true');

export const port = () => z.coerce.number().int().min(0).max(65535);

/** What every service is told. */
export const processVariables = {
  CARAVAN_INSTALLATION: z
    .string()
    .regex(/^[a-z0-9._-]{1,255}$/, 'lower-case letters, digits, dots, dashes and underscores')
    .describe('the name of this installation in every identity (spiffe://<name>/...); it can never change'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info').describe('how much is logged'),
  HEALTH_PORT: port()
    .optional()
    .describe('a port on 127.0.0.1 for /healthz, /readyz and /metrics; 0: any free one; absent: none'),
  CARAVAN_PARENT: z.literal('stdin').optional().describe('"stdin": end when standard input closes'),
};

export const natsVariables = {
  NATS_URL: z
    .string()
    .regex(/^(nats|tls):\/\/[^\s,]+(,(nats|tls):\/\/[^\s,]+)*$/, 'not a list of NATS URLs')
    .describe('where the NATS servers are, with commas between: tls://nats-1.example:4222,tls://nats-2.example:4222'),
  NATS_CA_FILE: readableFile().optional().describe('PEM file of the authority that the NATS server is proved by'),
  NATS_CERT_FILE: readableFile().optional().describe('PEM file of the client certificate, leaf first'),
  NATS_KEY_FILE: readableFile().optional().describe('PEM file of the client key'),
  NATS_NKEY_SEED_FILE: readableFile().optional().describe('file with the nkey seed (SU...) of this service'),
  NATS_TLS_HANDSHAKE_FIRST: flag()
    .default(false)
    .describe('"true" when the NATS server has handshake_first: TLS before its first line'),
};

/** Of services that answer sites. */
export const siteProtocolVariables = {
  SITES_NKEY_SEED_FILE: readableFile()
    .optional()
    .describe('file with the nkey seed (SU...) of the user that answers sites and may do nothing else'),
};

export const postgresVariables = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'not a PostgreSQL URL')
    .transform((value) => new Secret(value))
    .describe('where PostgreSQL is: postgres://user:password@host:5432/database'),
  DATABASE_CA_FILE: readableFile()
    .optional()
    .describe(
      'PEM file of the authority that PostgreSQL is proved by; with it the connection is TLS and the host is checked',
    ),
};

export type ProcessVariables = z.output<z.ZodObject<typeof processVariables>>;
export type NatsVariables = z.output<z.ZodObject<typeof natsVariables>>;
export type SiteProtocolVariables = z.output<z.ZodObject<typeof siteProtocolVariables>>;
export type PostgresVariables = z.output<z.ZodObject<typeof postgresVariables>>;

function isReadable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
