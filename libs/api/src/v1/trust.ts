import { z } from 'zod';
import { route } from '../route.js';
import { authorityIssuers } from './authority-requests.js';
import { id, pageOf, pageQuerySchema } from './vocabulary.js';

/** What kinds and ids are made of, those of services too. */
const word = (most: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'must have letters, digits, dots and dashes only')
    .max(most);

const validity = { notBefore: z.string(), notAfter: z.string() };

export const authoritySchema = z.strictObject({
  id,
  kind: z.enum(['root', 'management', 'backbone', 'infrastructure', 'network', 'claim', 'member']),
  backboneId: id.nullable(),
  networkId: id.nullable(),
  ordinal: z.int(),
  issuerId: id.nullable(),
  subject: z.string(),
  serial: z.string(),
  fingerprint: z.string(),
  ...validity,
  /**
   * `next`: made, and trusted wherever the one in use is. `in-use`: it signs. `replaced`: trusted still, and signs no more. `retired`: it
   * admits nobody.
   */
  phase: z.enum(['next', 'in-use', 'replaced', 'retired', 'expired']),
  /** `itself`: a root. The others as chosen (docs/trust.md). */
  signedBy: z.enum(['itself', ...authorityIssuers]),
  /** What it signed and is not over. */
  holds: z.array(z.strictObject({ holderKind: z.string(), certificates: z.int(), soonestEnd: z.string() })),
  /** What no longer works without it, in words. */
  breaks: z.string(),
  /** Public; the private key never leaves cert-service. */
  certificate: z.string(),
});
export type Authority = z.infer<typeof authoritySchema>;

/** Metadata of a certificate. */
export const certificateSchema = z.strictObject({
  id,
  holderKind: z.string(),
  /** The site, member, invitation, access point or service that holds it. */
  holderId: z.string(),
  identity: z.string().nullable(),
  hosts: z.array(z.string()),
  ordinal: z.int(),
  issuerId: id,
  subject: z.string(),
  serial: z.string(),
  fingerprint: z.string(),
  ...validity,
  /** `superseded`: its holder has a newer one, or is to have it. `revoked`: it was, or its holder, or the network that it is for. `removed`: its holder is no more. */
  phase: z.enum(['current', 'superseded', 'removed', 'revoked', 'expired']),
  /** What no longer works without it, in words. */
  breaks: z.string(),
});
export type Certificate = z.infer<typeof certificateSchema>;

export const listAuthorities = route({
  name: 'listAuthorities',
  method: 'GET',
  path: '/authorities',
  summary: 'List the certificate authorities, each after the one that signed it: the tree',
  query: pageQuerySchema.extend({ networkId: id.optional(), backboneId: id.optional() }),
  reply: pageOf(authoritySchema),
});
export const listCertificates = route({
  name: 'listCertificates',
  method: 'GET',
  path: '/certificates',
  summary: 'List certificates (metadata only)',
  query: pageQuerySchema.extend({
    holderKind: word(40).optional(),
    holderId: word(100).optional(),
    issuerId: id.optional(),
  }),
  reply: pageOf(certificateSchema),
});
export const getCertificate = route({
  name: 'getCertificate',
  method: 'GET',
  path: '/certificates/{certificateId}',
  summary: 'Read a certificate (metadata only)',
  reply: certificateSchema,
});
export const renewCertificate = route({
  name: 'renewCertificate',
  method: 'POST',
  path: '/certificates/{certificateId}/renewals',
  summary: 'Have a site renew a certificate now: it makes a new key and asks for the next ordinal',
  reply: z.strictObject({ certificateId: id, holderKind: z.string(), holderId: z.string(), ordinal: z.int() }),
  codes: ['certificate.unknown', 'certificate.superseded', 'certificate.not-renewable'],
});
