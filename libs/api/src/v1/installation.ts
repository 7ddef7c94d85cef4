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

export const statusSchema = z.strictObject({
  installation: z.string(),
  version: z.string(),
  status: z.enum(['ok', 'degraded']),
  /** One entry for each dependency and consumer; `detail` says in words what is wrong. */
  parts: z.array(z.strictObject({ name: z.string(), status: z.enum(['ok', 'degraded']), detail: z.string() })),
  counts: z.record(z.string(), z.int()),
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
});
