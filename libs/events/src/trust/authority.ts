import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { certificateSchema, id, timeSchema } from '../vocabulary.js';

/** A certificate authority of the tree (docs/adr/0004). Its private key is never here. */
export const authorityCategory = { context: 'trust', aggregate: 'authority' } as const;
export const authorityStream = (authorityId: string) => streamName(authorityCategory, authorityId);
const event = eventsOf(authorityCategory);

export const authorityKindSchema = z.enum([
  'root',
  'management',
  'backbone',
  'infrastructure',
  'network',
  'claim',
  'member',
]);
export type AuthorityKind = z.infer<typeof authorityKindSchema>;

/** The most that may stand between the root and the authorities below it, of somebody else's. */
export const MOST_INTERMEDIATES = 2;

export const AuthorityEstablished = event({
  type: 'AuthorityEstablished',
  version: 3,
  upcasters: {
    // A root could only be generated.
    1: (data) => data,
    // Every authority was signed by the one above it.
    2: (data: object) => ({ ...data, intermediates: [] }),
  },
  schema: z.strictObject({
    authorityId: id,
    kind: authorityKindSchema,
    /** Whose it is; both null for root and management. */
    backboneId: id.nullable(),
    networkId: id.nullable(),
    /** Grows with each rotation. */
    ordinal: z.int().min(1),
    /** Null for a root. */
    issuerId: id.nullable(),
    /**
     * Where it is from. Of a root: made here, brought with its key, or its key is elsewhere. Of the others: signed by the authority
     * above it, or by whom the administrator chose.
     */
    origin: z.enum(['generated', 'imported', 'external', 'issued', 'offline', 'cert-manager']),
    certificate: certificateSchema,
    /** Between it and its issuer, nearest first, of which nothing else is known here. */
    intermediates: z.array(certificateSchema).max(MOST_INTERMEDIATES),
    subject: z.string(),
    serial: z.string(),
    fingerprint: z.string(),
    notBefore: timeSchema,
    notAfter: timeSchema,
  }),
});

export const authorityEvents = [AuthorityEstablished] as const;
export type AuthorityEvent = EventOf<typeof authorityEvents>;
