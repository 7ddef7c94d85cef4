import { z } from 'zod';
import { asksSchema } from '../v1/site-details.js';
import { hostSchema, id, nameSchema, portSchema, timeSchema } from '../v1/vocabulary.js';

/**
 * The files a site is started with. Whoever downloads one makes its key and assembles it locally; a site-controller reads it
 * once, keeps what it needs sealed, and the file can be deleted. `version` grows when the meaning of a field changes.
 */
const pem = z.string().startsWith('-----BEGIN CERTIFICATE-----').max(16_384);

/** A certificate, leaf first in `chain`, and its private key (PKCS#8 PEM). */
export const credentialSchema = z.strictObject({
  chain: z.array(pem).min(1).max(6),
  key: z.string().startsWith('-----BEGIN ').max(16_384),
});
export type Credential = z.infer<typeof credentialSchema>;

/** How the management plane is known: the name its NATS server must prove by a chain to `trust`, and to nothing else. */
const controlSchema = z.strictObject({ serverName: hostSchema, trust: z.array(pem).min(1).max(8) });

/** The name of the installation: the trust domain of every identity. */
const installation = z.string().regex(/^[a-z0-9._-]{1,255}$/);
/**
 * The log position as of which what a file says is true, so that a site can tell what was made since it heard last. Files of before it have none;
 * sites of before it refuse files that have one, and are updated first.
 */
const position = z.int().nonnegative().optional();
/** Data-plane items (`libs/data-plane`); the site validates them, so that a file can hold kinds that are newer than the CLI. */
const items = z.array(z.unknown()).max(1_000);

export const invitationFileSchema = z.strictObject({
  format: z.literal('caravan.invitation'),
  version: z.literal(1),
  position,
  installation,
  invitation: z.strictObject({
    id,
    name: nameSchema,
    networkId: id,
    networkName: nameSchema,
    deadline: timeSchema.nullable(),
    /** What it asks of whoever joins by it. */
    interactive: z.boolean().optional(),
    asks: asksSchema.optional(),
  }),
  control: controlSchema,
  /** Link items to the claim access points. */
  links: items.min(1),
  /** A claim certificate. Of a file that is passed on everybody has the same; by a URL each machine has its own. */
  certificate: credentialSchema,
});
export type InvitationFile = z.infer<typeof invitationFileSchema>;

/** What a new backbone site is set up with, once. */
export const bundleFileSchema = z.strictObject({
  format: z.literal('caravan.bundle'),
  version: z.literal(1),
  position,
  installation,
  site: z.strictObject({ id, name: nameSchema, backboneId: id, backboneName: nameSchema }),
  control: controlSchema,
  /** What it needs to reach the management plane, or to be reached by it. */
  items,
  /** The bootstrap certificate. */
  certificate: credentialSchema,
});
export type BundleFile = z.infer<typeof bundleFileSchema>;

/** The management plane's own site: it stands beside the NATS server and needs no claim. */
export const managementFileSchema = z.strictObject({
  format: z.literal('caravan.management-site'),
  version: z.literal(1),
  installation,
  site: z.strictObject({ id, name: nameSchema }),
  control: controlSchema.extend({ host: hostSchema, port: portSchema }),
  certificate: credentialSchema,
});
export type ManagementFile = z.infer<typeof managementFileSchema>;

export const siteFileSchema = z.discriminatedUnion('format', [
  invitationFileSchema,
  bundleFileSchema,
  managementFileSchema,
]);
export type SiteFile = z.infer<typeof siteFileSchema>;

/** The data-plane items that a site begins with, as the file has them. */
export function itemsOfFile(file: SiteFile): readonly unknown[] {
  switch (file.format) {
    case 'caravan.invitation':
      return file.links;
    case 'caravan.bundle':
      return file.items;
    case 'caravan.management-site':
      return [];
  }
}

/** Larger files are refused before they are parsed. */
export const MAX_SITE_FILE_BYTES = 1_048_576;
