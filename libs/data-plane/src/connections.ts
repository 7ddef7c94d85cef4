import { z } from 'zod';
import { peerChainSchema } from './observed.js';

/**
 * One connection as one data plane carried it, for tracing a path: the same `id` appears at every hop. `scope` is `control`
 * or `network:<id>`. Kept for a bounded number of recent connections; never shown to another tenant.
 */
export const connectionSchema = z.strictObject({
  id: z.string().max(64),
  scope: z.string().max(160),
  address: z.string().max(64),
  at: z.iso.datetime(),
  /** Where it came in: a listener's port, a link (dialled or accepted), or the site's own control connection. */
  from: z.strictObject({
    kind: z.enum(['listener', 'link', 'control']),
    id: z.string().max(128),
    peerIdentity: z.string().max(512).nullable(),
  }),
  /** Where it went on; null when it was refused. `peerChain` is what the outgoing link's other end proved. */
  to: z
    .strictObject({ kind: z.enum(['connector', 'link']), id: z.string().max(128), peerChain: peerChainSchema })
    .nullable(),
  /** Relays of the backbone that it had passed before this one. */
  hops: z.int().min(0),
  /** `carried`, or the code of the refusal. */
  outcome: z.string().max(64),
});
export type Connection = z.infer<typeof connectionSchema>;
