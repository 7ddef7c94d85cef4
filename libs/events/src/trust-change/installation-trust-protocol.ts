import { z } from 'zod';
import { timeSchema } from '../vocabulary.js';
import { rotationPhaseSchema } from './rotation.js';

/** How far the installation's own authorities have come where no site reports: cert-service is asked, and looks. */
export const INSTALLATION_TRUST_SUBJECT = 'caravan.trust.installation';

/** Ordinals are those of the installation's authorities. */
export const installationTrustReplySchema = z.strictObject({
  /** What the credential files that cert-service keeps are as of, and since when; null: somebody else keeps them. */
  files: z
    .strictObject({ ordinal: z.int().min(1), phase: rotationPhaseSchema.nullable(), since: timeSchema })
    .nullable(),
  /** Each nats-server that it knows of; empty where NATS is spoken without TLS. */
  servers: z.array(
    z.strictObject({
      server: z.string(),
      /** Of whose clients it takes connections. */
      accepts: z.array(z.int().min(1)),
      /** By whose authority it proves itself; null: by none that is known. */
      shows: z.int().min(1).nullable(),
      /** Why nothing is known of it. */
      problem: z.string().nullable(),
    }),
  ),
});
export type InstallationTrustReply = z.infer<typeof installationTrustReplySchema>;
