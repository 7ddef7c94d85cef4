import { z } from 'zod';
import { route } from '../route.js';
import { created, id, nameSchema, pageOf, pageQuerySchema, timeSchema } from './vocabulary.js';

export const networkSchema = z.strictObject({
  id,
  backboneId: id,
  name: nameSchema,
  startsAt: z.string(),
  endsAt: z.string().nullable(),
  /** How long what it was can be looked at after its end, in seconds; then its members and invitations go. */
  deleteAfterSeconds: z.int(),
  /** Since when nothing is left of it but this and what the log tells. */
  deletedAt: z.string().nullable(),
  /**
   * `establishing`: its authorities are being made; invitations can be issued, credentials wait. `scheduled`: it has not started,
   * and nobody is let in; invitations can be handed out. `active`: sites can join. `suspended`: nobody is let in until it is resumed. `ending`:
   * its end is past, and not every relay has said that it lets nobody in. `ended`: every relay has. `evicted`: it was revoked, for good.
   * `deleted`: nothing is left of one that had ended.
   */
  status: z.enum(['establishing', 'scheduled', 'active', 'suspended', 'ending', 'ended', 'evicted', 'deleted']),
  ...created,
});
export type Network = z.infer<typeof networkSchema>;

/** Default: thirty days. Ten years at most. */
const deleteAfterSeconds = z
  .int()
  .min(0)
  .max(3_653 * 86_400);

export const createNetwork = route({
  name: 'createNetwork',
  method: 'POST',
  path: '/networks',
  summary: 'Create an application network on a backbone',
  body: z.strictObject({
    name: nameSchema,
    backboneId: id,
    /** Default: now. */
    startsAt: timeSchema.optional(),
    /** Default: no end. */
    endsAt: timeSchema.optional(),
    deleteAfterSeconds: deleteAfterSeconds.optional(),
  }),
  reply: networkSchema,
  codes: ['backbone.unknown', 'network.name-taken', 'network.ends-before-it-starts'],
});
export const listNetworks = route({
  name: 'listNetworks',
  method: 'GET',
  path: '/networks',
  summary: 'List networks',
  query: pageQuerySchema.extend({
    /** `included`: also those of which nothing is left but what they were. */
    deleted: z.enum(['included']).optional(),
  }),
  reply: pageOf(networkSchema),
});
export const getNetwork = route({
  name: 'getNetwork',
  method: 'GET',
  path: '/networks/{networkId}',
  summary: 'Read a network',
  reply: networkSchema,
});
/** A network that was changed. */
export const networkChangeSchema = networkSchema.extend({
  /** Its authorities are replaced by such as last as long: whoever has not joined by then needs another copy of the invitation. */
  invitationsAnew: z.boolean(),
});
export const changeNetwork = route({
  name: 'changeNetwork',
  method: 'PATCH',
  path: '/networks/{networkId}',
  summary: 'Extend, shorten or move a network, suspend or resume it, keep it for longer',
  body: z
    .strictObject({
      /** Of one that has not started. */
      startsAt: timeSchema.optional(),
      /** Null: no end. */
      endsAt: timeSchema.nullable().optional(),
      suspended: z.boolean().optional(),
      deleteAfterSeconds: deleteAfterSeconds.optional(),
    })
    .refine(
      (body) => Object.keys(body).length > 0,
      'say what is to change: startsAt, endsAt, deleteAfterSeconds or suspended',
    ),
  reply: networkChangeSchema,
  codes: [
    'network.unknown',
    'network.revoked',
    'network.ended',
    'network.started',
    'network.ends-before-it-starts',
    'network.end-passed',
  ],
});
export const endNetwork = route({
  name: 'endNetwork',
  method: 'POST',
  path: '/networks/{networkId}/end',
  summary: 'End a network now, for everybody',
  reply: networkSchema,
  codes: ['network.unknown', 'network.revoked', 'network.not-started'],
});
export const deleteNetwork = route({
  name: 'deleteNetwork',
  method: 'DELETE',
  path: '/networks/{networkId}',
  summary: 'Delete a network that has no invitations, or one that has ended with all that it has',
  codes: ['network.unknown', 'network.has-invitations'],
});

export const siteClassSchema = z.strictObject({ id, networkId: id, name: nameSchema, ...created });
export type SiteClass = z.infer<typeof siteClassSchema>;
export const createSiteClass = route({
  name: 'createSiteClass',
  method: 'POST',
  path: '/networks/{networkId}/site-classes',
  summary: 'Add a site class',
  body: z.strictObject({ name: nameSchema }),
  reply: siteClassSchema,
  codes: ['network.unknown', 'site-class.name-taken'],
});
export const listSiteClasses = route({
  name: 'listSiteClasses',
  method: 'GET',
  path: '/networks/{networkId}/site-classes',
  summary: 'List the site classes of a network',
  query: pageQuerySchema,
  reply: pageOf(siteClassSchema),
});
export const deleteSiteClass = route({
  name: 'deleteSiteClass',
  method: 'DELETE',
  path: '/networks/{networkId}/site-classes/{siteClassId}',
  summary: 'Remove a site class that no invitation gives',
  codes: ['site-class.unknown', 'site-class.in-use'],
});
