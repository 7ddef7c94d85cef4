import { z } from 'zod';
import { route } from '../route.js';

const observedStateSchema = z.enum(['applied', 'waiting', 'refused', 'failed', 'unknown']);
/** Subjects of a certificate chain, leaf first. */
const chain = z.array(
  z.strictObject({ subject: z.string(), issuer: z.string(), serial: z.string(), notAfter: z.string() }),
);

/** Something this site was asked to be, and whether it is. `unknown`: the relay has not said yet. */
export const siteItemSchema = z.strictObject({
  key: z.string(),
  kind: z.string(),
  /** The log position at which it last changed. */
  revision: z.int(),
  state: observedStateSchema,
  detail: z.string().nullable(),
  /** Of an access point: the port that was really bound. */
  port: z.int().nullable(),
  /** As desired (docs: the items of `libs/data-plane`). */
  desired: z.unknown(),
});
export type SiteItem = z.infer<typeof siteItemSchema>;

/** A live connection to or from another relay. */
export const siteLinkSchema = z.strictObject({
  id: z.string(),
  direction: z.enum(['dialled', 'accepted']),
  access: z.enum(['claim', 'member', 'peer', 'manage']),
  /** Where a dialled link leads. */
  host: z.string().nullable(),
  port: z.int().nullable(),
  peerIdentity: z.string().nullable(),
  peerChain: chain,
  since: z.string(),
  streams: z.int(),
  bytesIn: z.int(),
  bytesOut: z.int(),
});
export type SiteLink = z.infer<typeof siteLinkSchema>;

/** A certificate that this site holds or asks for; metadata only. */
export const siteCertificateSchema = z.strictObject({
  /** The id of its item; `site`, `claim` and `bootstrap` are what the site is and came with. */
  id: z.string(),
  state: z.enum(['held', 'requested', 'rotating']),
  ordinal: z.int().nullable(),
  requestedOrdinal: z.int().nullable(),
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  serial: z.string().nullable(),
  identity: z.string().nullable(),
  hosts: z.array(z.string()),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  fingerprint: z.string().nullable(),
});
export type SiteCertificate = z.infer<typeof siteCertificateSchema>;

/** One connection as this site's relay carried it: the same `id` is known at every hop. */
export const siteConnectionSchema = z.strictObject({
  id: z.string(),
  scope: z.string(),
  address: z.string(),
  at: z.string(),
  from: z.strictObject({
    kind: z.enum(['listener', 'link', 'control']),
    id: z.string(),
    peerIdentity: z.string().nullable(),
  }),
  to: z.strictObject({ kind: z.enum(['connector', 'link']), id: z.string(), peerChain: chain }).nullable(),
  hops: z.int(),
  outcome: z.string(),
});
export type SiteConnection = z.infer<typeof siteConnectionSchema>;

export const listSiteItems = route({
  name: 'listSiteItems',
  method: 'GET',
  path: '/items',
  summary: 'List what this site was asked to be, and whether it is',
  reply: z.strictObject({ items: z.array(siteItemSchema) }),
});
export const listSiteLinks = route({
  name: 'listSiteLinks',
  method: 'GET',
  path: '/links',
  summary: 'List the live links of this site',
  reply: z.strictObject({ items: z.array(siteLinkSchema) }),
  codes: ['relay.unavailable'],
});
export const listSiteCertificates = route({
  name: 'listSiteCertificates',
  method: 'GET',
  path: '/certificates',
  summary: 'List the certificates that this site holds or asks for (metadata only)',
  reply: z.strictObject({ items: z.array(siteCertificateSchema) }),
});
export const listSiteConnections = route({
  name: 'listSiteConnections',
  method: 'GET',
  path: '/connections',
  summary: 'List recent connections through this site; with an id, its hops here',
  query: z.strictObject({
    id: z
      .string()
      .regex(/^[\x21-\x7e]{1,64}$/, 'must be the id of a connection')
      .optional(),
  }),
  reply: z.strictObject({ items: z.array(siteConnectionSchema) }),
  codes: ['relay.unavailable'],
});
