import { natsVariables, postgresVariables, processVariables, secret } from '@caravan/platform';
import { z } from 'zod';
import { keyKinds } from './authorities/key-kinds.js';
import { issuerChoices } from './issuers/choice.js';

export const masterKeyVariables = {
  PKI_MASTER_KEY: secret()
    .optional()
    .describe('the key that CA keys are sealed with: 32 random bytes in base64 or hex'),
  PKI_MASTER_KEY_FILE: z.string().optional().describe('a file that holds PKI_MASTER_KEY, instead of it'),
  PKI_MASTER_KEY_COMMAND: z
    .string()
    .optional()
    .describe(
      'a command for /bin/sh that writes PKI_MASTER_KEY to its output (unwrapped by a KMS or a TPM), instead of it',
    ),
};

/** `init` needs PostgreSQL only. */
export const initVariables = z.object({
  ...processVariables,
  ...postgresVariables,
  ...masterKeyVariables,
  AUTHORITY_KEYS: keyKinds(),
  AUTHORITY_ISSUERS: issuerChoices(),
});
export type InitVariables = z.output<typeof initVariables>;

export const certServiceVariables = z.object({
  ...initVariables.shape,
  ...natsVariables,
  CRL_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'where lists of revoked certificates are published: certificates say <this>/<authority id>.crl. The API has them below /crl',
    ),
  CREDENTIALS_DIRECTORY: z
    .string()
    .optional()
    .describe(
      'where nats-server and the services have their certificates from (init --out): they are renewed there. Default: whoever runs init sees to that',
    ),
  SITE_CERTIFICATE_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .max(10 * 365 * 86_400)
    .optional()
    .describe(
      'how long certificates of sites, members and access points last; default: 90 days. They are renewed by themselves',
    ),
});
export type CertServiceVariables = z.output<typeof certServiceVariables>;
