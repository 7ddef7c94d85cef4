import { z } from 'zod';

/** Shapes that several resources share. */

export const id = z.uuid();
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be lower-case letters, digits and dashes, at most 63, with no dash first or last',
  );
export const namePrefixSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/,
    'must be lower-case letters, digits and dashes, at most 48, with no dash first or last',
  );
export const hostSchema = z
  .string()
  .max(253)
  .regex(/^([0-9A-Fa-f:]+|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$/, 'must be a DNS name or an IP address');
export const portSchema = z.int().min(1).max(65535);
const dotted = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/,
    'must have lower-case letters, digits, dots and dashes only, at most 63',
  );
export const addressSchema = dotted.refine(
  (address) => address !== 'caravan.control',
  'is reserved: caravan.control leads to the management plane',
);
/** Under which a site is supplied with a certificate or trust: a directory beside it. */
export const suppliedNameSchema = dotted;
export const timeSchema = z.iso.datetime({ offset: true });
export const csrSchema = z
  .string()
  .max(8192)
  .startsWith('-----BEGIN CERTIFICATE REQUEST-----', 'must be a PEM certificate request');

/** Lists come in pages: pass `next` back as `cursor`; null ends. */
export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number('must be a number from 1 to 500').int().min(1).max(500).optional(),
});
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() });

/** When it was created, ISO-8601 UTC. */
export const created = { createdAt: z.string() };

/** What operators supply for the links that a site dials; whoever accepts one of them knows the site by it. `linkId`: as `caravan site links -o wide` names it. */
export const linkCertificatesSchema = z.array(
  z.strictObject({ linkId: z.string(), subject: z.string(), fingerprint: z.string(), notAfter: z.string() }),
);

/** A site that is waited for, and why. `name`: null of one that is gone. */
export const awaitedSiteSchema = z.strictObject({
  siteId: id,
  name: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  detail: z.string(),
});
export type AwaitedSite = z.infer<typeof awaitedSiteSchema>;
