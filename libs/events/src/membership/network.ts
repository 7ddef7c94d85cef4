import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { id, nameSchema, timeSchema } from '../vocabulary.js';
import { termSchema, withDefaultDelay } from './network-term.js';
import { invitationTermsSchema, withPlainTerms } from './invitation-terms.js';

/** An application network with its site classes and the names of its invitations. */
export const networkCategory = { context: 'membership', aggregate: 'network' } as const;
export const networkStream = (networkId: string) => streamName(networkCategory, networkId);
const event = eventsOf(networkCategory);

const networkId = id;

export const NetworkCreated = event({
  type: 'NetworkCreated',
  version: 2,
  upcasters: { 1: withDefaultDelay },
  schema: z.strictObject({ networkId, backboneId: id, name: nameSchema, ...termSchema }),
});
/** Its term is another one: it was extended, shortened, moved or ended, or stays for longer after that. What was before is in the event before. */
export const NetworkRescheduled = event({
  type: 'NetworkRescheduled',
  version: 2,
  upcasters: { 1: withDefaultDelay },
  schema: z.strictObject({ networkId, backboneId: id, ...termSchema }),
});

/** Nobody is let in, and who was is out, until it is resumed. Its window goes by meanwhile. */
export const NetworkSuspended = event({
  type: 'NetworkSuspended',
  schema: z.strictObject({ networkId, backboneId: id }),
});
export const NetworkResumed = event({
  type: 'NetworkResumed',
  schema: z.strictObject({ networkId, backboneId: id }),
});

/** Its end is past, for good: its doors and what its sites were to do are taken away. Relays let nobody in since `endsAt`, by their own clocks. */
export const NetworkEnded = event({
  type: 'NetworkEnded',
  schema: z.strictObject({ networkId, backboneId: id, name: nameSchema, endsAt: timeSchema }),
});

/** One that ended is taken apart: its members and invitations go, and then itself. */
export const NetworkDeletionBegun = event({
  type: 'NetworkDeletionBegun',
  schema: z.strictObject({ networkId, backboneId: id }),
});
/** Nothing is left of it but what the log tells. */
export const NetworkDeleted = event({
  type: 'NetworkDeleted',
  schema: z.strictObject({ networkId, backboneId: id }),
});

/** It was evicted: nobody comes in by its certificates any more, for good. It is taken apart at once. */
export const NetworkRevoked = event({
  type: 'NetworkRevoked',
  schema: z.strictObject({ networkId, backboneId: id }),
});

export const SiteClassAdded = event({
  type: 'SiteClassAdded',
  schema: z.strictObject({ networkId, siteClassId: id, name: nameSchema }),
});
export const SiteClassRemoved = event({
  type: 'SiteClassRemoved',
  schema: z.strictObject({ networkId, siteClassId: id }),
});

/**
 * The network's side of an invitation: its name and the names its members will have are taken here. It says everything that
 * the invitation's own stream opens with, so that a crash in between loses nothing.
 */
export const InvitationListed = event({
  type: 'InvitationListed',
  version: 2,
  upcasters: { 1: withPlainTerms },
  schema: invitationTermsSchema,
});
export const InvitationUnlisted = event({
  type: 'InvitationUnlisted',
  schema: z.strictObject({ networkId, invitationId: id }),
});

export const networkEvents = [
  NetworkCreated,
  NetworkRescheduled,
  NetworkSuspended,
  NetworkResumed,
  NetworkEnded,
  NetworkDeletionBegun,
  NetworkDeleted,
  NetworkRevoked,
  SiteClassAdded,
  SiteClassRemoved,
  InvitationListed,
  InvitationUnlisted,
] as const;
export type NetworkEvent = EventOf<typeof networkEvents>;
