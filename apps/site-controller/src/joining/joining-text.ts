import { z } from 'zod';
import { answersSchema } from './answers.js';
import type { Joining } from './joining.js';

/** How the document lies on disk, inside its seal. */
const named = z.object({ id: z.string(), name: z.string() }).nullable();
const control = z.object({
  serverName: z.string(),
  trust: z.array(z.string()),
  direct: z.object({ host: z.string(), port: z.int() }).nullable(),
});
const source = {
  installation: z.string(),
  control,
  sourceId: z.string(),
  asOf: z.int().default(0),
  network: named,
  backbone: named,
};
const site = z.object({
  role: z.enum(['member', 'backbone', 'management']),
  ...source,
  siteId: z.string(),
  name: z.string(),
  cameBackBy: z.string().exactOptional(),
});
const origin = z.object({
  role: z.enum(['member', 'backbone']),
  ...source,
  recovers: site.exactOptional(),
  answers: answersSchema.exactOptional(),
});
const admission = z.object({
  siteId: z.string(),
  name: z.string(),
  chain: z.array(z.string()),
  items: z.array(z.unknown()),
});
const refusal = z.object({ code: z.string(), detail: z.string() });
const joiningSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('invited'), origin }),
  z.object({ status: z.literal('key-made'), origin }),
  z.object({ status: z.literal('pending'), origin, siteId: z.string() }),
  z.object({ status: z.literal('admitted'), origin, admission }),
  z.object({ status: z.literal('joined'), site }),
  z.object({ status: z.literal('refused'), origin, refusal, at: z.string() }),
]);

export const joiningFromText = (text: string): Joining => joiningSchema.parse(JSON.parse(text));
export const joiningToText = (joining: Joining): string => JSON.stringify(joining);
