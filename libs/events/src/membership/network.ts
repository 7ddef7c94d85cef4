import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { id, nameSchema, timeSchema } from '../vocabulary.js';
import { invitationTermsSchema } from './invitation-terms.js';

/** An application network with its site classes and the names of its invitations. */
export const networkCategory = { context: 'membership', aggregate: 'network' } as const;
export const networkStream = (networkId: string) => streamName(networkCategory, networkId);
const event = eventsOf(networkCategory);

const networkId = id;

export const NetworkCreated = event({
  type: 'NetworkCreated',
  schema: z.strictObject({
    networkId,
    backboneId: id,
    name: nameSchema,
    startsAt: timeSchema,
    endsAt: timeSchema.nullable(),
  }),
});
/** Its window is another one: it was extended, shortened, moved or ended. What was before is in the event before. */
export const NetworkRescheduled = event({
  type: 'NetworkRescheduled',
  schema: z.strictObject({ networkId, backboneId: id, startsAt: timeSchema, endsAt: timeSchema.nullable() }),
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

export const NetworkDeleted = event({
  type: 'NetworkDeleted',
  schema: z.strictObject({ networkId, backboneId: id }),
});

/** Nobody comes in by its certificates any more, for good; what it was can still be looked at, until it is deleted. */
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
export const InvitationListed = event({ type: 'InvitationListed', schema: invitationTermsSchema });
export const InvitationUnlisted = event({
  type: 'InvitationUnlisted',
  schema: z.strictObject({ networkId, invitationId: id }),
});

export const networkEvents = [
  NetworkCreated,
  NetworkRescheduled,
  NetworkSuspended,
  NetworkResumed,
  NetworkDeleted,
  NetworkRevoked,
  SiteClassAdded,
  SiteClassRemoved,
  InvitationListed,
  InvitationUnlisted,
] as const;
export type NetworkEvent = EventOf<typeof networkEvents>;
