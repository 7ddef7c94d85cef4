import { z } from 'zod';
import type { EventOf } from '../event-type.js';
import { eventsOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { holderSchema } from '../trust/certificate.js';
import { id, timeSchema } from '../vocabulary.js';

/**
 * What somebody was given is taken back before its time, and when everybody who enforces that had said so (docs/adr/0016). The
 * stream's id follows from what is revoked, so that nothing is revoked twice.
 */
export const revocationCategory = { context: 'trust-change', aggregate: 'revocation' } as const;
export const revocationStream = (revocationId: string) => streamName(revocationCategory, revocationId);
const event = eventsOf(revocationCategory);

/** Why (RFC 5280, 5.3.1). What is said in lists of revoked certificates. */
export const revocationReasons = [
  'unspecified',
  'key-compromise',
  'affiliation-changed',
  'superseded',
  'cessation-of-operation',
  'privilege-withdrawn',
] as const;
export const revocationReasonSchema = z.enum(revocationReasons);

/** What is revoked, with all that whoever enforces it has to know. `certificate`: that one, whatever else its holder has. */
export const revocationTargetSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('certificate'),
    certificateId: id,
    holder: holderSchema,
    /** Where its holder comes in; null: at the API. */
    backboneId: id.nullable(),
    issuerId: id,
    serial: z.string(),
    /** SHA-256 of the certificate, hex. */
    fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
    notAfter: timeSchema,
  }),
  z.strictObject({ kind: z.literal('member'), memberId: id, networkId: id, backboneId: id }),
  z.strictObject({ kind: z.literal('network'), networkId: id, backboneId: id }),
  z.strictObject({ kind: z.literal('backbone-site'), siteId: id, backboneId: id }),
]);
export type RevocationTarget = z.infer<typeof revocationTargetSchema>;

const revocationId = id;

/** From here on it is worth nothing: relays, the auth callout and the lists of cert-service follow this event. */
export const RevocationRequested = event({
  type: 'RevocationRequested',
  version: 2,
  upcasters: { 1: (data) => data }, // administrators had tokens only
  schema: z.strictObject({
    revocationId,
    target: revocationTargetSchema,
    /** What it was called then. */
    name: z.string().min(1).max(512),
    reason: revocationReasonSchema,
  }),
});
/** They have said that they enforce it; `at`: when that was heard. */
export const RevocationConfirmed = event({
  type: 'RevocationConfirmed',
  schema: z.strictObject({
    revocationId,
    sites: z
      .array(z.strictObject({ siteId: id, at: timeSchema }))
      .min(1)
      .max(100),
  }),
});
/** Nobody is left who would let it in. `enforcedAt`: when the last was heard. */
export const RevocationEnforced = event({
  type: 'RevocationEnforced',
  schema: z.strictObject({ revocationId, confirmed: z.int().min(0), enforcedAt: timeSchema }),
});

export const revocationEvents = [RevocationRequested, RevocationConfirmed, RevocationEnforced] as const;
export type RevocationEvent = EventOf<typeof revocationEvents>;
