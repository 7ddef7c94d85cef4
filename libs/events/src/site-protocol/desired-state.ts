import { z } from 'zod';
import { connectorTlsSchema, listenerTlsSchema } from '../membership/endpoint-tls.js';
import {
  addressSchema,
  hostSchema,
  id,
  linkCertificateSchema,
  MOST_LINK_CERTIFICATES,
  portSchema,
  suppliedProofSchema,
} from '../vocabulary.js';
import { capabilitySchema } from './capability.js';

/** A log position, which is also the revision of a site's desired state. */
const revision = z.int().min(0);

/** "What changed since `revision`?" 0: everything. */
export const syncRequestSchema = z.strictObject({
  capability: capabilitySchema,
  revision,
  /** To be answered by who knows all that the log holds now, and else not. Whoever can answer it has capability 5. */
  latest: z.literal(true).optional(),
});
export type SyncRequest = z.infer<typeof syncRequestSchema>;

/**
 * `delta`: apply these on what you have. `snapshot`: forget what you have, this is all. `revision` is the position that the
 * answer is true at. An item is one of `libs/data-plane`; `revision` of an item is when it last changed.
 */
export const syncReplySchema = z.strictObject({
  /** Of who answers; told to sites of capability 2 and later, so that they notice when more is known than before. */
  capability: capabilitySchema.optional(),
  kind: z.enum(['delta', 'snapshot']),
  revision,
  items: z.array(z.strictObject({ key: z.string().max(160), revision, item: z.unknown() })),
  removed: z.array(z.string().max(160)),
});
export type SyncReply = z.infer<typeof syncReplySchema>;

/** Sent to a site when its desired state changed. Losing one only delays. */
export const nudgeSchema = z.strictObject({ revision });
export type Nudge = z.infer<typeof nudgeSchema>;

/** The request of a management service to the compiler; `position`: do not answer from before it. */
export const desiredStateRequestSchema = z.strictObject({ position: revision });
export type DesiredStateRequest = z.infer<typeof desiredStateRequestSchema>;
export const desiredStateReplySchema = z.strictObject({ revision, items: z.array(z.unknown()) });
export type DesiredStateReply = z.infer<typeof desiredStateReplySchema>;

/** Sent every few seconds and after every change. `observation` is that of `libs/data-plane`. */
export const reportSchema = z.strictObject({
  /** What the site and whoever told it what it shall be both know: what is newer it was not told, whatever it could do. */
  capability: capabilitySchema,
  /** The controller's version. */
  version: z.string().max(50),
  appliedRevision: revision,
  /** Where others reach this site's access points, when its platform knows. */
  host: hostSchema.nullable(),
  /** What proves access points of a backbone site in the place of what is issued to them; null: nothing. A site of capability 7 and lower says nothing of it. */
  proof: suppliedProofSchema.nullable().optional(),
  /**
   * What its operator supplies for links that it dials, each with the proof that the site has its key (`proveLinkKey` in libs/pki). A site of
   * capability 8 and lower says nothing of it, nor one that has not looked yet.
   */
  linkCertificates: z
    .array(
      z.strictObject({
        ...linkCertificateSchema.pick({ linkId: true, certificate: true }).shape,
        proof: z.base64().max(1_024),
      }),
    )
    .max(MOST_LINK_CERTIFICATES)
    .optional(),
  observation: z.unknown(),
});
export type Report = z.infer<typeof reportSchema>;
export const reportReplySchema = z.strictObject({ ok: z.literal(true) });

const endpoint = { address: addressSchema, host: hostSchema, port: portSchema };
/** Absent: as it is; null: none. A management plane of capability 6 and lower knows of none, and refuses the command. */
const ending = { tls: listenerTlsSchema.nullable().exactOptional() };
const beginning = { tls: connectorTlsSchema.nullable().exactOptional() };
const asked = { capability: capabilitySchema, commandId: z.string().min(1).max(100) };

/**
 * What a participant does with their own site, from its local API. The ids of what is opened are given by the management plane:
 * one that a site could choose could be another site's.
 */
export const siteCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ ...asked, command: z.literal('open-listener'), ...endpoint, ...ending }),
  z.strictObject({ ...asked, command: z.literal('change-listener'), listenerId: id, ...endpoint, ...ending }),
  z.strictObject({ ...asked, command: z.literal('close-listener'), listenerId: id }),
  z.strictObject({ ...asked, command: z.literal('open-connector'), ...endpoint, ...beginning }),
  z.strictObject({ ...asked, command: z.literal('change-connector'), connectorId: id, ...endpoint, ...beginning }),
  z.strictObject({ ...asked, command: z.literal('close-connector'), connectorId: id }),
  /** For good. A management plane of capability 9 and lower refuses it. */
  z.strictObject({ ...asked, command: z.literal('leave') }),
]);
export type SiteCommand = z.infer<typeof siteCommandSchema>;
/** `id`: of the listener or connector; of a site that left, its own. */
export const siteCommandReplySchema = z.strictObject({ position: revision, id });
export type SiteCommandReply = z.infer<typeof siteCommandReplySchema>;
