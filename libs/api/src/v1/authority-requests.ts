import { z } from 'zod';
import { route } from '../route.js';
import { created, id, pageOf, pageQuerySchema } from './vocabulary.js';

/** Who signs an authority: the one above it, people who are given its request, or the cert-manager of a Kubernetes namespace. */
export const authorityIssuers = ['internal', 'offline', 'cert-manager'] as const;

/** An authority whose key is made and whose certificate somebody else is to sign. */
export const authorityRequestSchema = z.strictObject({
  /** The authority's. */
  id,
  kind: z.enum(['management', 'backbone', 'network']),
  backboneId: id.nullable(),
  networkId: id.nullable(),
  ordinal: z.int(),
  issuer: z.enum(['offline', 'cert-manager']),
  /** `asked`: nobody has signed it yet. `brought`: a certificate is there and is looked at. `established`: it signs. */
  status: z.enum(['asked', 'brought', 'established']),
  subject: z.string(),
  /** How many authorities may stand below it: what its basicConstraints have to say. */
  pathLength: z.int(),
  /** It may not last longer; null: no longer than the root. */
  until: z.string().nullable(),
  /** When the authority ends that it is to replace; null: it is the first. */
  neededBy: z.string().nullable(),
  publicKeyFingerprint: z.string(),
  /** PEM (RFC 2986). Public. */
  csr: z.string(),
  ...created,
});
export type AuthorityRequest = z.infer<typeof authorityRequestSchema>;

const MOST_BYTES = 65_536;

export const listAuthorityRequests = route({
  name: 'listAuthorityRequests',
  method: 'GET',
  path: '/authority-requests',
  summary: 'List the authorities that are signed elsewhere, and what is awaited of whom',
  query: pageQuerySchema.extend({ status: authorityRequestSchema.shape.status.optional() }),
  reply: pageOf(authorityRequestSchema),
});
export const getAuthorityRequest = route({
  name: 'getAuthorityRequest',
  method: 'GET',
  path: '/authority-requests/{requestId}',
  summary: 'Read the request of an authority',
  reply: authorityRequestSchema,
});
export const bringAuthorityCertificate = route({
  name: 'bringAuthorityCertificate',
  method: 'POST',
  path: '/authority-requests/{requestId}/certificate',
  summary: 'Bring the certificate that was signed for the request of an authority',
  body: z.strictObject({
    /** PEM, in any order: the certificate, and what stands between it and the root. */
    certificates: z.string().startsWith('-----BEGIN ', 'must be PEM certificates').max(MOST_BYTES),
  }),
  reply: authorityRequestSchema,
  codes: [
    'authority-request.unknown',
    'authority-request.established',
    'authority-request.not-offline',
    'authority-certificate.unfit',
    'authority-certificate.malformed',
  ],
});
