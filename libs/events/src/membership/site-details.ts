import { z } from 'zod';
import { nameSchema } from '../vocabulary.js';

const asked = {
  name: nameSchema,
  /** What whoever joins reads beside it. */
  about: z.string().max(200),
  required: z.boolean(),
};

/** One thing that an invitation asks of whoever uses it. */
export const askSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.enum(['text', 'number', 'boolean']), ...asked }),
  z.strictObject({
    type: z.literal('choice'),
    ...asked,
    choices: z.array(z.string().min(1).max(64)).min(1).max(32),
  }),
]);
export type Ask = z.infer<typeof askSchema>;
export const asksSchema = z.array(askSchema).max(16);

/** What a site said of itself when it joined, by the names of what was asked. */
export const siteDetailsSchema = z.record(nameSchema, z.union([z.string().max(256), z.number(), z.boolean()]));
export type SiteDetails = z.infer<typeof siteDetailsSchema>;

/** Nobody was asked anything before. */
export const withoutDetails = (data: object): object => ({ ...data, details: {} });
