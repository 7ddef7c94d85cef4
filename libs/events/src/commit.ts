import { z } from 'zod';

/** Who asked. Never taken from a payload: from the verified certificate, the token, or the service itself. */
export const actorSchema = z.strictObject({
  kind: z.enum([
    'administrator',
    'user',
    'member',
    'claim',
    'backbone-site',
    'bootstrap',
    'management-site',
    'service',
  ]),
  id: z.string().min(1).max(256),
});
export type Actor = z.infer<typeof actorSchema>;

/**
 * One JetStream message: the events that one command decided on one stream, atomic on every server version. Complete from
 * its first version, because a log cannot be amended.
 */
export const commitSchema = z.strictObject({
  format: z.literal(1),
  /** The command that decided this. Resending it must have no second effect. */
  commandId: z.string().min(1).max(200),
  actor: actorSchema,
  /** The edge by which the command came in. */
  via: z.enum(['api', 'site-protocol', 'reaction', 'startup', 'admin']),
  /** The service that appended it. */
  source: z.string().max(200),
  /** Why, in the words of whoever asked. */
  reason: z.string().max(1000).optional(),
  /** What all consequences of one request share. */
  correlationId: z.string().max(200),
  /** The command or event (`<stream>@<sequence>#<index>`) that led to this. */
  causationId: z.string().max(300),
  /** W3C Trace Context. */
  traceparent: z.string().max(100).optional(),
  /** The owner group on whose behalf it was done; null: the installation. */
  ownerGroup: z.string().max(100).nullable(),
  /** SHA-256 (hex) over the raw bytes of the stream's previous commit; null for its first. */
  previous: z.string().length(64).nullable(),
  /** When it was decided: the command's time, ISO-8601 UTC. */
  at: z.iso.datetime(),
  events: z
    .array(z.strictObject({ type: z.string(), version: z.int().min(1), data: z.unknown() }))
    .min(1)
    .max(100),
});
export type Commit = z.infer<typeof commitSchema>;
