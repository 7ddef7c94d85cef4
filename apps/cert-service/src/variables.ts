import { natsVariables, postgresVariables, processVariables, secret } from '@caravan/platform';
import { z } from 'zod';
import { keyKinds } from './authorities/key-kinds.js';
import { readIssuerRef } from './issuers/cert-manager/certificate-request.js';
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
  CERT_MANAGER_ISSUER: z
    .string()
    .transform((text, context) => {
      const ref = readIssuerRef(text);
      if (ref) return ref;
      context.addIssue({ code: 'custom', message: 'is not <name>, <Kind>/<name> or <Kind>.<group>/<name>' });
      return z.NEVER;
    })
    .optional()
    .describe('which issuer of cert-manager signs what AUTHORITY_ISSUERS leaves to it: "ClusterIssuer/company-ca"'),
  CERT_MANAGER_NAMESPACE: z.string().default('caravan').describe('where CertificateRequests are made'),
  CERT_MANAGER_LIFETIME_SECONDS: z.coerce
    .number()
    .int()
    .min(3_600)
    .optional()
    .describe('the longest that is asked of cert-manager, where what it signs with ends before the root'),
  KUBERNETES_API_URL: z
    .url({ protocol: /^https$/ })
    .default('https://kubernetes.default.svc')
    .describe('where the Kubernetes API is'),
  KUBERNETES_TOKEN_FILE: z
    .string()
    .default('/var/run/secrets/kubernetes.io/serviceaccount/token')
    .describe('with which its API is asked; read at each call'),
  KUBERNETES_CA_FILE: z
    .string()
    .default('/var/run/secrets/kubernetes.io/serviceaccount/ca.crt')
    .describe('by which the Kubernetes API is known'),
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
