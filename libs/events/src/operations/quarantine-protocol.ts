import { z } from 'zod';
import { positionSchema } from './log-entry.js';
import { reactionSchema } from './quarantined-entry.js';

/** Asked inside the management account only: one replica of a service looks after what its reactions put aside. */
export const quarantineSubject = (service: string) => `caravan.quarantine.${service}` as const;

const which = { reaction: reactionSchema, position: positionSchema };

/** `retry`: handle it again, and leave it where it is. `release`: forget it, since what was decided about it is in the log. */
export const quarantineRequestSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('list') }),
  z.strictObject({ command: z.literal('retry'), ...which }),
  z.strictObject({ command: z.literal('release'), ...which }),
]);
export type QuarantineRequest = z.infer<typeof quarantineRequestSchema>;

/** What the quarantine holds after the request. */
export const quarantineReplySchema = z.object({
  entries: z.array(z.object({ ...which, stream: z.string(), reason: z.string(), recordedAt: z.string().nullable() })),
});
export type QuarantineReply = z.infer<typeof quarantineReplySchema>;
