import { z } from 'zod';
import { route } from '../route.js';
import { id } from './vocabulary.js';

/** What a site should be, and what it last said of itself. */
export const siteStateSchema = z.strictObject({
  siteId: id,
  kind: z.enum(['backbone', 'member', 'management']),
  lastSeenAt: z.string().nullable(),
  version: z.string().nullable(),
  /** Items of the desired state (libs/data-plane). */
  desired: z.strictObject({ revision: z.int(), items: z.array(z.unknown()) }),
  /** The site has converged when it reports every item of its desired state as applied. */
  observed: z
    .strictObject({ appliedRevision: z.int(), items: z.record(z.string(), z.unknown()), links: z.array(z.unknown()) })
    .nullable(),
});
export type SiteState = z.infer<typeof siteStateSchema>;
export const getSiteState = route({
  name: 'getSiteState',
  method: 'GET',
  path: '/sites/{siteId}/state',
  summary: 'Desired and observed state of any site',
  reply: siteStateSchema,
  codes: ['site.unknown'],
});

const partStatus = z.enum(['ok', 'degraded', 'away']);

/** One thing that can go wrong, at the service that notices it. */
export const partSchema = z.strictObject({
  service: z.string(),
  name: z.string(),
  /** `away`: it does not answer. `degraded`: it answers, and something is not as it should be. */
  status: partStatus,
  /** In words. */
  detail: z.string(),
  /** When it was first seen to be so; null: nothing is wrong. */
  since: z.string().nullable(),
  /** What somebody can do about it; null: nothing needs to be done. */
  remedy: z.string().nullable(),
  /** Stable, for programs. */
  code: z.string().nullable(),
});
export type Part = z.infer<typeof partSchema>;

/** Who follows the log. `position`: up to where; `behind`: how many entries wait for it; null: not known now. */
export const followerSchema = z.strictObject({
  service: z.string(),
  name: z.string(),
  kind: z.enum(['projection', 'fold', 'reaction']),
  status: z.enum(['running', 'catching-up', 'standby', 'rebuilding', 'halted', 'stopped']),
  position: z.int().nullable(),
  behind: z.int().nullable(),
});
export type Follower = z.infer<typeof followerSchema>;

export const statusSchema = z.strictObject({
  installation: z.string(),
  version: z.string(),
  status: z.enum(['ok', 'degraded']),
  at: z.string(),
  parts: z.array(partSchema),
  /** The position of the log's last entry; null: not known now. */
  logEnd: z.int().nullable(),
  followers: z.array(followerSchema),
  /** Null while the lists cannot be read. */
  counts: z.record(z.string(), z.int()).nullable(),
});
export type Status = z.infer<typeof statusSchema>;
export const getStatus = route({
  name: 'getStatus',
  method: 'GET',
  path: '/status',
  summary: 'How the installation is',
  reply: statusSchema,
});

export const rebuildProjections = route({
  name: 'rebuildProjections',
  method: 'POST',
  path: '/admin/projections/rebuild',
  summary: 'Make every list anew from the log; readers see the old ones until all are there',
  reply: z.strictObject({ position: z.int(), ms: z.int() }),
  codes: ['projection.halted'],
  takesLong: true,
});
