import { z } from 'zod';
import { route } from '../route.js';

const position = z.int().min(1);
const reason = z.string().trim().min(1).max(1000);

/** One entry of the log as it lies there. */
export const logEntrySchema = z.strictObject({
  position,
  stream: z.string(),
  bytes: z.int(),
  /** SHA-256 (hex) over its raw bytes. */
  hash: z.string(),
  /** What it begins with, as text. */
  text: z.string(),
  /** Why this version cannot read it; null: it can. */
  problem: z.string().nullable(),
  /** Whether another version may be able to. */
  newer: z.boolean(),
  /** What was decided about it; null: nothing. */
  passedOver: z.strictObject({ position, at: z.string(), by: z.string(), reason: z.string().nullable() }).nullable(),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const getLogEntry = route({
  name: 'getLogEntry',
  method: 'GET',
  path: '/admin/log/entry',
  summary: 'Show one entry of the log as it lies there, and whether it can be read',
  query: z.strictObject({ position: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  reply: logEntrySchema,
  codes: ['log-entry.not-found'],
});

export const passOverLogEntry = route({
  name: 'passOverLogEntry',
  method: 'POST',
  path: '/admin/log/pass-over',
  summary: 'Have everybody pass over an entry that no version will ever read, now and in every rebuild',
  body: z.strictObject({ position, reason, evenNewer: z.boolean().optional() }),
  codes: ['log-entry.not-found', 'log-entry.readable', 'log-entry.newer', 'log.undecodable'],
});

export const quarantinedSchema = z.strictObject({
  service: z.string(),
  reaction: z.string(),
  position,
  stream: z.string(),
  reason: z.string(),
  recordedAt: z.string().nullable(),
});
export type QuarantinedItem = z.infer<typeof quarantinedSchema>;

export const listQuarantine = route({
  name: 'listQuarantine',
  method: 'GET',
  path: '/admin/quarantine',
  summary: 'List what reactions have put aside',
  /** `unknown`: services that did not answer, whose entries are not in the list. */
  reply: z.strictObject({ items: z.array(quarantinedSchema), unknown: z.array(z.string()) }),
});

const which = { reaction: z.string().regex(/^[a-z0-9-]{1,100}$/), position };

export const retryQuarantined = route({
  name: 'retryQuarantined',
  method: 'POST',
  path: '/admin/quarantine/retry',
  summary: 'Have a reaction handle again what it put aside; handled, it is taken out',
  body: z.strictObject({ ...which, reason: reason.optional() }),
  codes: ['quarantine.unknown', 'quarantine.retry-failed', 'service.unavailable'],
});

export const discardQuarantined = route({
  name: 'discardQuarantined',
  method: 'POST',
  path: '/admin/quarantine/discard',
  summary: 'Take out what a reaction put aside, unhandled',
  body: z.strictObject({ ...which, reason }),
  codes: ['quarantine.unknown', 'service.unavailable'],
});
