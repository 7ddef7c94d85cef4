import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { positionSchema } from './log-entry.js';

/** What a person decided about an entry that a reaction had put aside. The entry itself lies in that service's quarantine. */
export const quarantinedEntryCategory = { context: 'operations', aggregate: 'quarantined-entry' } as const;
export const quarantinedEntryStream = ({ reaction, position }: { reaction: string; position: number }) =>
  streamName(quarantinedEntryCategory, `${reaction}-${position}`);
const event = eventsOf(quarantinedEntryCategory);

/** The durable name of a reaction: `<service>-<reaction>`. */
export const reactionSchema = z.string().regex(/^[a-z0-9-]{1,100}$/);
const entry = { reaction: reactionSchema, position: positionSchema, stream: z.string().min(1).max(300) };

/** The reaction handled it after all. */
export const QuarantinedEntryRetried = event({
  type: 'QuarantinedEntryRetried',
  schema: z.strictObject(entry),
});
/** The reaction will never handle it. Why it could not, in `problem`; why it need not, in the commit's reason. */
export const QuarantinedEntryDiscarded = event({
  type: 'QuarantinedEntryDiscarded',
  schema: z.strictObject({ ...entry, problem: z.string().max(1000) }),
});

export const quarantinedEntryEvents = [QuarantinedEntryRetried, QuarantinedEntryDiscarded] as const;
export type QuarantinedEntryEvent = EventOf<typeof quarantinedEntryEvents>;
