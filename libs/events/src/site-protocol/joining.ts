import { z } from 'zod';
import { certificateSchema, csrSchema, id, nameSchema } from '../vocabulary.js';
import { siteDetailsSchema } from '../membership/site-details.js';
import { capabilitySchema } from './capability.js';

/**
 * Of a site whose certificate was over before it was renewed: that certificate, and the request signed with its key
 * (`proveFormerKey` in libs/pki).
 */
export const recoverySchema = z.strictObject({ certificate: certificateSchema, proof: z.base64().max(1_024) });
export type Recovery = z.infer<typeof recoverySchema>;

const joinRequest = { capability: capabilitySchema, csr: csrSchema };

/**
 * A claim: the site's key (by its CSR), and what its invitation asks of whoever joins: what the site is called, and what is said of it. The
 * invitation is the subject it is sent on.
 */
export const claimRequestSchema = z.strictObject({
  ...joinRequest,
  recovery: recoverySchema.optional(),
  name: nameSchema.optional(),
  details: siteDetailsSchema.optional(),
});
export type ClaimRequest = z.infer<typeof claimRequestSchema>;

/** The first start of a backbone site, with the bundle's certificate; with `recovery`, it comes back by a bundle that was made again. */
export const enrolRequestSchema = z.strictObject({ ...joinRequest, recovery: recoverySchema.optional() });
export type EnrolRequest = z.infer<typeof enrolRequestSchema>;

/**
 * `admitted`: the site exists and this is its certificate, leaf first in `chain`. `pending`: it exists, the certificate is not
 * signed yet; ask again with the same key. It `awaits` approval: it may exist when somebody has decided so. `items`: what it needs to reach the management plane as itself (data-plane items).
 */
export const joinReplySchema = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('pending'),
    siteId: id,
    retryAfterMs: z.int().min(0),
    awaits: z.literal('approval').exactOptional(),
  }),
  z.strictObject({
    status: z.literal('admitted'),
    siteId: id,
    name: nameSchema,
    networkId: id.nullable(),
    certificateId: id,
    chain: z.array(certificateSchema).min(1).max(6),
    items: z.array(z.unknown()),
  }),
]);
export type JoinReply = z.infer<typeof joinReplySchema>;

/** A certificate that the site's desired state asks it to hold: `itemId` and `ordinal` of the `certificate` item. */
export const certificateRequestSchema = z.strictObject({
  capability: capabilitySchema,
  itemId: z.string().max(128),
  ordinal: z.int().min(1),
  csr: csrSchema,
});
export type CertificateRequest = z.infer<typeof certificateRequestSchema>;

export const certificateReplySchema = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('pending'), retryAfterMs: z.int().min(0) }),
  z.strictObject({ status: z.literal('issued'), certificateId: id, chain: z.array(certificateSchema).min(1).max(6) }),
]);
export type CertificateReply = z.infer<typeof certificateReplySchema>;
