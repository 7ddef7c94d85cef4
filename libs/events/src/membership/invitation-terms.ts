import { z } from 'zod';
import { id, namePrefixSchema, nameSchema, timeSchema } from '../vocabulary.js';

/** What an invitation offers. */
export const invitationTermsSchema = z.strictObject({
  invitationId: id,
  networkId: id,
  backboneId: id,
  name: nameSchema,
  namePrefix: namePrefixSchema,
  /** Claims after this moment are refused; null: as long as the network lasts. */
  deadline: timeSchema.nullable(),
  /** How many sites may be made with it; null: no limit. */
  instanceLimit: z.int().min(1).nullable(),
  siteClasses: z.array(nameSchema),
  /** Access point ids, the preferred first. */
  claimAccessPoints: z.array(id).min(1),
  memberAccessPoints: z.array(id).min(1),
});
export type InvitationTerms = z.infer<typeof invitationTermsSchema>;
