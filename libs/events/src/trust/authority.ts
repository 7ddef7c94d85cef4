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

export const AuthorityEstablished = event({
  type: 'AuthorityEstablished',
  version: 2,
  // A root could only be generated.
  upcasters: { 1: (data) => data },
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
    /** Where key and certificate are from: of a root, made here or brought. */
    origin: z.enum(['generated', 'imported', 'issued']),
    certificate: certificateSchema,
    subject: z.string(),
    serial: z.string(),
    fingerprint: z.string(),
    notBefore: timeSchema,
    notAfter: timeSchema,
  }),
});

export const authorityEvents = [AuthorityEstablished] as const;
export type AuthorityEvent = EventOf<typeof authorityEvents>;
