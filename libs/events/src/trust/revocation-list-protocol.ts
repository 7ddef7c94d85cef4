import { z } from 'zod';
import { timeSchema } from '../vocabulary.js';

/** Asked inside the management account only: the list of what an authority revoked. */
export const REVOCATION_LIST_PATTERN = 'caravan.crl.*';
export const revocationListSubject = (authorityId: string) => `caravan.crl.${authorityId}` as const;

/** `der`: base64. `number` only grows. */
export const revocationListReplySchema = z.strictObject({
  number: z.string().regex(/^[1-9]\d*$/),
  thisUpdate: timeSchema,
  nextUpdate: timeSchema,
  der: z.base64(),
});
export type RevocationListReply = z.infer<typeof revocationListReplySchema>;
