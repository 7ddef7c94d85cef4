import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { termSchema, withDefaultDelay } from '../membership/network-term.js';
import { authorityIssuerSchema } from '../trust/authority-request.js';
import { accessKindSchema, hostSchema, id, nameSchema, portSchema } from '../vocabulary.js';

/** A backbone with its sites, access points, links and the networks placed on it: what must be decided together. */
export const backboneCategory = { context: 'topology', aggregate: 'backbone' } as const;
export const backboneStream = (backboneId: string) => streamName(backboneCategory, backboneId);
const event = eventsOf(backboneCategory);

const backboneId = id;
const cost = z.int().min(1).max(1_000_000);

/** Authorities of a backbone, signed by whom the installation has for that. */
export const INSTALLATION_ISSUERS = { backbone: null, network: null } as const;

export const BackboneCreated = event({
  type: 'BackboneCreated',
  version: 2,
  // The authority above signed them all.
  upcasters: { 1: (data: object) => ({ ...data, issuers: INSTALLATION_ISSUERS }) },
  schema: z.strictObject({
    backboneId,
    name: nameSchema,
    /** Who signs its authority and those of networks on it; null: as the installation has it. */
    issuers: z.strictObject({ backbone: authorityIssuerSchema.nullable(), network: authorityIssuerSchema.nullable() }),
  }),
});
export const BackboneRenamed = event({
  type: 'BackboneRenamed',
  schema: z.strictObject({ backboneId, name: nameSchema }),
});
export const BackboneDeleted = event({ type: 'BackboneDeleted', schema: z.strictObject({ backboneId }) });

export const BackboneSiteAdded = event({
  type: 'BackboneSiteAdded',
  schema: z.strictObject({ backboneId, siteId: id, name: nameSchema }),
});
export const BackboneSiteRenamed = event({
  type: 'BackboneSiteRenamed',
  schema: z.strictObject({ backboneId, siteId: id, name: nameSchema }),
});
export const BackboneSiteRemoved = event({
  type: 'BackboneSiteRemoved',
  schema: z.strictObject({ backboneId, siteId: id }),
});

/** `host` and `port` are where others reach it; absent until the site reports them or someone sets them by hand. */
export const AccessPointAdded = event({
  type: 'AccessPointAdded',
  schema: z.strictObject({
    backboneId,
    siteId: id,
    accessPointId: id,
    name: nameSchema,
    kind: accessKindSchema,
    bindHost: hostSchema,
    bindPort: z.int().min(0).max(65535),
    host: hostSchema.nullable(),
    port: portSchema.nullable(),
  }),
});
export const AccessPointAddressed = event({
  type: 'AccessPointAddressed',
  schema: z.strictObject({
    backboneId,
    siteId: id,
    accessPointId: id,
    host: hostSchema,
    port: portSchema,
    source: z.enum(['site', 'operator']),
  }),
});
export const AccessPointRemoved = event({
  type: 'AccessPointRemoved',
  schema: z.strictObject({ backboneId, siteId: id, accessPointId: id }),
});

/** `siteId` dials `accessPointId`, which belongs to `acceptingSiteId`: every link says which end dials. */
export const LinkAdded = event({
  type: 'LinkAdded',
  schema: z.strictObject({ backboneId, linkId: id, siteId: id, accessPointId: id, acceptingSiteId: id, cost }),
});
export const LinkCostChanged = event({
  type: 'LinkCostChanged',
  schema: z.strictObject({ backboneId, linkId: id, cost }),
});
export const LinkRemoved = event({ type: 'LinkRemoved', schema: z.strictObject({ backboneId, linkId: id }) });

/**
 * The backbone's side of a network: its name is taken here, and while one is placed the backbone cannot be deleted. It says
 * everything that the network's own stream opens with, so that a crash in between loses nothing.
 */
export const NetworkPlaced = event({
  type: 'NetworkPlaced',
  version: 2,
  upcasters: { 1: withDefaultDelay },
  schema: z.strictObject({ backboneId, networkId: id, name: nameSchema, ...termSchema }),
});
export const NetworkWithdrawn = event({
  type: 'NetworkWithdrawn',
  schema: z.strictObject({ backboneId, networkId: id }),
});

export const backboneEvents = [
  BackboneCreated,
  BackboneRenamed,
  BackboneDeleted,
  BackboneSiteAdded,
  BackboneSiteRenamed,
  BackboneSiteRemoved,
  AccessPointAdded,
  AccessPointAddressed,
  AccessPointRemoved,
  LinkAdded,
  LinkCostChanged,
  LinkRemoved,
  NetworkPlaced,
  NetworkWithdrawn,
] as const;
export type BackboneEvent = EventOf<typeof backboneEvents>;
