import { z } from 'zod';
import { asksSchema } from './site-details.js';
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
  /** Each claim waits until somebody approves of it. */
  approval: z.boolean(),
  /** Whoever joins gives the site its name: `<prefix>-<name>`. */
  interactive: z.boolean(),
  /** What is asked of whoever joins. */
  asks: asksSchema,
});
/** Of an invitation by which whoever has it joins, is numbered, and is asked nothing. */
export const PLAIN_TERMS: Pick<z.infer<typeof invitationTermsSchema>, 'approval' | 'interactive' | 'asks'> = {
  approval: false,
  interactive: false,
  asks: [],
};
/** Invitations of before. */
export const withPlainTerms = (data: object): object => ({ ...data, ...PLAIN_TERMS });

export type InvitationTerms = z.infer<typeof invitationTermsSchema>;
