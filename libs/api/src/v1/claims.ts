import { z } from 'zod';
import { route } from '../route.js';
import { siteDetailsSchema } from './site-details.js';
import { created, id, nameSchema, pageOf, pageQuerySchema } from './vocabulary.js';

/** One use of an invitation. */
export const claimSchema = z.strictObject({
  /** Also of the member that it led to, or would. */
  id,
  networkId: id,
  invitationId: id,
  /** What the site is called, or would be. */
  name: nameSchema,
  /** `awaited`: somebody has to approve of it. `gone`: its member was removed since. */
  status: z.enum(['awaited', 'member', 'declined', 'gone']),
  details: siteDetailsSchema,
  /** SHA-256 of the public key by which it came. */
  claimantKey: z.string(),
  /** When it was decided, and by whom; null while it is awaited, `decidedBy` also where nobody had to. */
  decidedAt: z.string().nullable(),
  decidedBy: z.string().nullable(),
  ...created,
});
export type Claim = z.infer<typeof claimSchema>;

const path = '/networks/{networkId}/claims' as const;
export const listClaims = route({
  name: 'listClaims',
  method: 'GET',
  path,
  summary: 'List who used the invitations of a network, or wants to',
  query: pageQuerySchema.extend({ invitationId: id.optional(), status: claimSchema.shape.status.optional() }),
  reply: pageOf(claimSchema),
});
export const getClaim = route({
  name: 'getClaim',
  method: 'GET',
  path: `${path}/{claimId}`,
  summary: 'Read a claim',
  reply: claimSchema,
});
export const approveClaim = route({
  name: 'approveClaim',
  method: 'POST',
  path: `${path}/{claimId}/approval`,
  summary: 'Let a site in that waits for it',
  reply: claimSchema,
  codes: [
    'claim.unknown',
    'claim.gone',
    'claim.declined',
    'invitation.unknown',
    'invitation.revoked',
    'network.unknown',
    'network.ended',
    'network.revoked',
  ],
});
export const declineClaim = route({
  name: 'declineClaim',
  method: 'POST',
  path: `${path}/{claimId}/decline`,
  summary: 'Let a site that waits for it not in, for good: its instance of the invitation is free again',
  reply: claimSchema,
  codes: ['claim.unknown', 'claim.gone', 'claim.approved', 'invitation.unknown'],
});
