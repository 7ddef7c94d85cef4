import { z } from 'zod';
import { MOST_PEM, pem } from './certificates.js';
import {
  accessPointItemSchema,
  admissionItemSchema,
  connectorItemSchema,
  linkItemSchema,
  listenerItemSchema,
} from './items.js';

/** Characters of a chain in PEM; authorities of one trust. Whoever takes in what somebody else supplies keeps to them. */
export const MOST_CHAIN = 65_536;
export const MOST_TRUSTED = 64;

/** With the certificate that the site's operator supplies, where it names the host: shown to whoever can judge it, and to all while there is no other. */
const configuredAccessPointSchema = accessPointItemSchema.extend({ suppliedId: z.string().max(160).optional() });
export type ConfiguredAccessPoint = z.infer<typeof configuredAccessPointSchema>;
/** With the certificate that the site's operator supplies for it: shown before its own, which is shown where that is not taken. */
const configuredLinkSchema = linkItemSchema.extend({ suppliedId: z.string().max(160).optional() });
export type ConfiguredLink = z.infer<typeof configuredLinkSchema>;

/**
 * What a site-controller gives its driver: the whole of it each time. The driver compares with what runs and changes only
 * the difference, so that giving the same twice does nothing and unaffected links are never dropped.
 */
export const configurationSchema = z.strictObject({
  /** Names this relay in routes between relays: the site's id. */
  siteId: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  accessPoints: z.array(configuredAccessPointSchema),
  admissions: z.array(admissionItemSchema),
  links: z.array(configuredLinkSchema),
  listeners: z.array(listenerItemSchema),
  connectors: z.array(connectorItemSchema),
  /** Certificate item id -> chain (leaf first, PEM) and private key (PKCS#8 PEM). An item whose certificate is missing waits. */
  certificates: z.record(
    z.string(),
    z.strictObject({ chain: z.string().max(MOST_CHAIN), key: z.string().max(MOST_PEM) }),
  ),
  /** Trust id -> authorities that applications are judged by, PEM. What needs one that is missing waits. */
  trusts: z.record(z.string(), z.array(pem).min(1).max(MOST_TRUSTED)).default({}),
});
export type Configuration = z.infer<typeof configurationSchema>;

export const emptyConfiguration = (siteId: string): Configuration => ({
  siteId,
  accessPoints: [],
  admissions: [],
  links: [],
  listeners: [],
  connectors: [],
  certificates: {},
  trusts: {},
});
