import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';

/**
 * An entry of the log that no version of this program will ever read. The stream's id is its position, so that whoever meets it
 * finds what was decided about it with one read.
 */
export const logEntryCategory = { context: 'operations', aggregate: 'log-entry' } as const;
export const logEntryStream = (position: number) => streamName(logEntryCategory, String(position));
const event = eventsOf(logEntryCategory);

export const positionSchema = z.int().min(1);

/** From now on, and in every rebuild, the entry has no effect. Who said so and why is in the commit. */
export const LogEntryPassedOver = event({
  type: 'LogEntryPassedOver',
  schema: z.strictObject({
    position: positionSchema,
    /** The subject that it was published on. */
    stream: z.string().min(1).max(300),
    /** SHA-256 (hex) over its raw bytes: another entry at this position, in a log that was replaced, is not meant. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    /** Why it cannot be read, in words. */
    problem: z.string().max(1000),
  }),
});

export const logEntryEvents = [LogEntryPassedOver] as const;
export type LogEntryEvent = EventOf<typeof logEntryEvents>;
