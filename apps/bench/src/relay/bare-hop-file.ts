import { z } from 'zod';

/** Addresses and the TCP ports where they are asked for, or served; or one port for tunnels to all of them. */
const endSchema = z.union([
  z.strictObject({ ports: z.record(z.string(), z.number()) }),
  z.strictObject({ port: z.number() }),
]);

const credentialSchema = z.strictObject({ key: z.string(), cert: z.string() });

/** What one hop of the bare tunnel is to do. */
export const bareHopSchema = z.strictObject({
  ca: z.string(),
  server: credentialSchema,
  client: credentialSchema,
  /** Bytes, of each stream and of each session. */
  window: z.number(),
  accepts: endSchema,
  leadsTo: endSchema,
});
export type BareHop = z.infer<typeof bareHopSchema>;
