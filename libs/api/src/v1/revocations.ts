import { z } from 'zod';
import { route } from '../route.js';
import { awaitedSiteSchema, created, id, pageOf, pageQuerySchema } from './vocabulary.js';

/** `certificate`: that one, whatever else its holder has; the others: everything they hold, and what they are. */
export const revocableKinds = ['certificate', 'member', 'network', 'backbone-site'] as const;

/** As lists of revoked certificates say it (RFC 5280, 5.3.1). */
export const revocationReasons = [
  'unspecified',
  'key-compromise',
  'affiliation-changed',
  'superseded',
  'cessation-of-operation',
  'privilege-withdrawn',
] as const;

export const revocationSchema = z.strictObject({
  id,
  targetKind: z.enum(revocableKinds),
  targetId: id,
  /** What it was called when it was revoked. */
  name: z.string(),
  reason: z.enum(revocationReasons),
  /** Null: what was revoked is shown to the API alone. */
  backboneId: id.nullable(),
  networkId: id.nullable(),
  /** `requested`: whoever has confirmed enforces it, others may not have heard of it. `enforced`: nobody is left who would let it in. */
  status: z.enum(['requested', 'enforced']),
  /** Relays that enforce it, and when that was heard. */
  confirmed: z.array(z.strictObject({ siteId: id, at: z.string() })),
  enforcedAt: z.string().nullable(),
  /** From the request until the last relay was heard, in milliseconds. */
  enforcedAfterMs: z.int().nullable(),
  ...created,
});
export type Revocation = z.infer<typeof revocationSchema>;

/** One revocation, with whom it waits for now: a site that is away enforces it before it admits anybody again. */
export const revocationProgressSchema = revocationSchema.extend({
  confirmed: z.array(z.strictObject({ siteId: id, name: z.string().nullable(), at: z.string() })),
  waiting: z.int(),
  waitingFor: z.array(awaitedSiteSchema).max(100),
});
export type RevocationProgress = z.infer<typeof revocationProgressSchema>;

export const revoke = route({
  name: 'revoke',
  method: 'POST',
  path: '/revocations',
  summary: 'Revoke a certificate, a member, a network or a backbone site, for good; once, however often it is asked',
  body: z.strictObject({
    kind: z.enum(revocableKinds),
    id,
    reason: z.enum(revocationReasons).default('unspecified'),
  }),
  reply: revocationProgressSchema,
  codes: [
    'certificate.unknown',
    'certificate.not-revocable',
    'member.unknown',
    'network.unknown',
    'backbone-site.unknown',
  ],
});
export const listRevocations = route({
  name: 'listRevocations',
  method: 'GET',
  path: '/revocations',
  summary: 'List what was revoked, and how long it took until every relay enforced it',
  query: pageQuerySchema.extend({ networkId: id.optional(), backboneId: id.optional(), targetId: id.optional() }),
  reply: pageOf(revocationSchema),
});
export const getRevocation = route({
  name: 'getRevocation',
  method: 'GET',
  path: '/revocations/{revocationId}',
  summary: 'Read a revocation: who has confirmed it, when, and whom it waits for',
  reply: revocationProgressSchema,
});
