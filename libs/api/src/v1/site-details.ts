import { z } from 'zod';
import { nameSchema } from './vocabulary.js';

const asked = {
  name: nameSchema,
  /** What whoever joins reads beside it. */
  about: z.string().max(200).default(''),
  required: z.boolean().default(true),
};
const choiceSchema = z
  .string()
  .min(1)
  .max(64)
  .refine((choice) => choice === choice.trim(), 'A choice neither begins nor ends with a space.');
/** One thing that an invitation asks of whoever uses it. */
export const askSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['text', 'number', 'boolean']), ...asked }),
  z.strictObject({
    type: z.literal('choice'),
    ...asked,
    choices: z.array(choiceSchema).min(1).max(32),
  }),
]);
export type Ask = z.infer<typeof askSchema>;
export const asksSchema = z
  .array(askSchema)
  .max(16)
  .refine(
    (asks) => new Set(asks.map(({ name }) => name)).size === asks.length,
    'Each is asked once, by a name of its own.',
  );

/** What a site said of itself when it joined, by the names of what was asked. */
export const siteDetailsSchema = z.record(z.string(), z.union([z.string().max(256), z.number(), z.boolean()]));
export type SiteDetails = z.infer<typeof siteDetailsSchema>;
