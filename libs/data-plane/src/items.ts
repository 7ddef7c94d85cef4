import { z } from 'zod';
import { MOST_SUPPLIED, pem, pinned, retired, revoked, suppliedFingerprint } from './certificates.js';
import { windowSchema } from './window.js';

/**
 * The neutral model of a site: what a data plane is asked to be, in words that no data plane owns.
 * A site's desired state is a set of items with stable keys; drivers turn items into real configuration.
 */

const id = z.string().regex(/^[A-Za-z0-9._-]{1,128}$/);
const host = z.string().min(1).max(253);
const port = z.int().min(1).max(65535);

/** The address that leads to the management plane, in a scope of its own on every backbone. */
export const CONTROL_ADDRESS = 'caravan.control';

/** An address is what applications listen for and connect to; unique within a network. */
export const addressSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits, dots and dashes; at most 63 characters');

/** The kinds of ingress of a backbone site (docs/glossary.md). */
export const accessKinds = ['claim', 'member', 'peer', 'manage'] as const;
export type AccessKind = (typeof accessKinds)[number];

/**
 * What may travel over a link. Both ends use the same word for it, seen from the access point that admits:
 * `control`: the dialler may open `caravan.control` and nothing else, and offers nothing;
 * `network`: the dialler may open `caravan.control`, and addresses of that one network go both ways;
 * `backbone`: every scope both ways (relays of one backbone);
 * `management`: the dialler offers `caravan.control` and may open nothing.
 */
export const reachSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('control') }),
  z.strictObject({ kind: z.literal('network'), networkId: id }),
  z.strictObject({ kind: z.literal('backbone') }),
  z.strictObject({ kind: z.literal('management') }),
]);
export type Reach = z.infer<typeof reachSchema>;

/** A certificate the site must hold. The site makes the key and asks for the certificate; `ordinal` grows with each rotation. */
export const certificateItemSchema = z.strictObject({
  kind: z.literal('certificate'),
  id,
  purpose: z.enum(['site', 'access-point', 'manage-link']),
  ordinal: z.int().min(1),
  hosts: z.array(host).max(16),
});

/** A listening socket for one kind of link. `port` 0: any free one; the site reports which. */
export const accessPointItemSchema = z.strictObject({
  kind: z.literal('access-point'),
  id,
  access: z.enum(accessKinds),
  bindHost: host,
  bindPort: z.int().min(0).max(65535),
  certificateId: id,
});

/**
 * One door of an access kind: a handshake that names `serverName` is judged by `trust` alone (never a root or a parent),
 * and then by its single URI SAN, which must match `identity` and must not be denied. Outside `window` it trusts nobody: the
 * data plane enforces that by its own clock, and ends the links that came in by it when the window does.
 */
export const admissionItemSchema = z.strictObject({
  kind: z.literal('admission'),
  id,
  access: z.enum(accessKinds),
  serverName: host,
  trust: z.array(pem).min(1).max(8),
  /** Trusted before: nobody is let in by it, and nobody is put out who came in by it while it was. */
  retired,
  /** A SPIFFE URI; a trailing `*` stands for one path segment. */
  identity: z.string().startsWith('spiffe://').max(512),
  denied: z.array(z.string().max(512)),
  pinned,
  revoked,
  reach: reachSchema,
  /** Only of networks; a site of capability 1 is never given one (libs/events, site protocol). */
  window: windowSchema.optional(),
});

/** A link this site dials. The other end must prove `host` by a chain to `trust`; a link that is up stays also with one to `retired`. */
export const linkItemSchema = z.strictObject({
  kind: z.literal('link'),
  id,
  access: z.enum(accessKinds),
  host,
  port,
  serverName: host,
  trust: z.array(pem).min(1).max(8),
  retired,
  revoked,
  /**
   * Whom the other end must prove to be, by its single URI SAN: two access points may share a host, and one must not pass for the other.
   * Absent: `host` alone says. Only for a site of capability 5 and later.
   */
  identities: z.array(z.string().startsWith('spiffe://').max(512)).min(1).max(4).optional(),
  /**
   * Authorities, up to their roots, by which the other end may be proven instead, for its `host` alone: what its operator supplies. Only for a
   * site of capability 8 and later; lower ones have them in `trust`.
   */
  supplied: z.array(pem).min(1).max(MOST_SUPPLIED).optional(),
  /** Authorities of what was supplied before: a link that is up by them stays, and none is made. Only for a site of capability 8 and later. */
  suppliedBefore: z.array(pem).min(1).max(8).optional(),
  certificateId: id,
  suppliedFingerprint,
  cost: z.int().min(1).max(1_000_000),
  reach: reachSchema,
});

/**
 * TLS that ends at a listener: clients speak it to the site, and what they say is carried. `certificateId` proves the listener to them;
 * with `clientTrustId` they must prove themselves, by a chain to that trust. Both are the site's own, and none of the network's.
 */
export const listenerTlsSchema = z.strictObject({ certificateId: id, clientTrustId: id.optional() });
export type ListenerTls = z.infer<typeof listenerTlsSchema>;

/** TLS that begins at a connector: the server must prove `serverName` by a chain to `trustId`, and is shown `certificateId` if it asks. */
export const connectorTlsSchema = z.strictObject({ serverName: host, trustId: id, certificateId: id.optional() });
export type ConnectorTls = z.infer<typeof connectorTlsSchema>;

/**
 * A local port; what connects to it is carried to a connector of `address` in the site's network. Without `tls` as it comes, so that
 * TLS between client and server passes through. `tls` is only for a site of capability 7 and later.
 */
export const listenerItemSchema = z.strictObject({
  kind: z.literal('listener'),
  id,
  networkId: id,
  address: addressSchema,
  host,
  port,
  tls: listenerTlsSchema.optional(),
});

/** A local server that answers for `address`: in the site's network, or `caravan.control` at the management plane (`networkId` null). */
export const connectorItemSchema = z.strictObject({
  kind: z.literal('connector'),
  id,
  networkId: id.nullable(),
  address: addressSchema,
  host,
  port,
  /** Only for a site of capability 7 and later. */
  tls: connectorTlsSchema.optional(),
});

/**
 * By which authorities the management plane proves itself from now on, instead of those that the site came with: the site's own matter, and
 * none of its data plane. Only for a site of capability 5 and later.
 */
export const controlItemSchema = z.strictObject({
  kind: z.literal('control'),
  id: z.literal('control'),
  trust: z.array(pem).min(1).max(8),
});

export const itemSchema = z.discriminatedUnion('kind', [
  certificateItemSchema,
  accessPointItemSchema,
  admissionItemSchema,
  linkItemSchema,
  listenerItemSchema,
  connectorItemSchema,
  controlItemSchema,
]);

export type CertificateItem = z.infer<typeof certificateItemSchema>;
export type AccessPointItem = z.infer<typeof accessPointItemSchema>;
export type AdmissionItem = z.infer<typeof admissionItemSchema>;
export type LinkItem = z.infer<typeof linkItemSchema>;
export type ListenerItem = z.infer<typeof listenerItemSchema>;
export type ConnectorItem = z.infer<typeof connectorItemSchema>;
export type ControlItem = z.infer<typeof controlItemSchema>;
export type Item = z.infer<typeof itemSchema>;
export type ItemKind = Item['kind'];

/** `link/0198…`: stable over the item's life, unique within a site. */
export type ItemKey = `${ItemKind}/${string}`;

export const keyOf = (item: Item): ItemKey => `${item.kind}/${item.id}`;
