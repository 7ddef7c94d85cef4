import { z } from 'zod';
import { route } from '../route.js';
import { revocableKinds } from './revocations.js';
import { awaitedSiteSchema, id } from './vocabulary.js';

/** What would happen: nothing is changed by asking. */

/** Who has to do something, of whom some may be away or too old for it. */
const sitesSchema = z.strictObject({
  concerned: z.int(),
  away: z.array(awaitedSiteSchema).max(100),
  /** They have to be updated first, or notice it. */
  tooOld: z.array(awaitedSiteSchema).max(100),
});

export const revocationPlanSchema = z.strictObject({
  targetKind: z.enum(revocableKinds),
  targetId: id,
  name: z.string(),
  /** It was revoked already. */
  revoked: z.boolean(),
  /** Those that enforce it. It is enforced when all have confirmed. */
  enforcers: sitesSchema,
  /** What ends with it, in words, with how many of each. */
  ends: z.array(z.strictObject({ what: z.string(), count: z.int(), names: z.array(z.string()).max(20) })),
  /** How whoever lost it comes back, where that is wanted. */
  wayBack: z.string(),
});
export type RevocationPlan = z.infer<typeof revocationPlanSchema>;

export const rotationPlanSchema = z.strictObject({
  ownerKind: z.enum(['network', 'backbone', 'installation']),
  backboneId: id.nullable(),
  networkId: id.nullable(),
  /** Of the authorities that it makes. */
  ordinal: z.int(),
  /** One is under way already. */
  underWay: z.boolean(),
  phases: z.array(z.strictObject({ phase: z.enum(['trust', 'listeners', 'diallers', 'retire']), sites: sitesSchema })),
  /** Certificates that their holders renew. */
  renewed: z.array(z.strictObject({ holderKind: z.string(), count: z.int() })),
  /** What was downloaded and is worth nothing afterwards, in words. */
  worthless: z.array(z.strictObject({ what: z.string(), count: z.int() })),
  /** Whose authorities are rotated after it, one after the other. */
  below: z.array(z.strictObject({ ownerKind: z.enum(['backbone', 'network']), id, name: z.string() })).max(1_000),
  /** Who is asked to sign new authorities elsewhere: it waits for them. Of a root: it has to be brought, as the one before was. */
  signatures: z.array(z.strictObject({ kind: z.string(), issuer: z.string() })),
  /** How often all sites connect to the management plane anew. */
  reconnects: z.int(),
});
export type RotationPlan = z.infer<typeof rotationPlanSchema>;

export const planRevocation = route({
  name: 'planRevocation',
  method: 'GET',
  path: '/plans/revocation',
  summary: 'What a revocation would end, and who would enforce it: nothing is revoked',
  query: z.strictObject({ kind: z.enum(revocableKinds), id }),
  reply: revocationPlanSchema,
  codes: [
    'certificate.unknown',
    'certificate.not-revocable',
    'member.unknown',
    'network.unknown',
    'backbone-site.unknown',
  ],
});
export const planRotation = route({
  name: 'planRotation',
  method: 'GET',
  path: '/plans/rotation',
  summary: 'Whom a rotation would concern, and what it would wait for: nothing is rotated',
  query: z.strictObject({ kind: z.enum(['network', 'backbone', 'installation']), id: id.optional() }),
  reply: rotationPlanSchema,
  codes: ['network.unknown', 'backbone.unknown', 'rotation.too-early', 'request.invalid'],
});
