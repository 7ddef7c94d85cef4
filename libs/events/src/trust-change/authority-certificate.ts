import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { MOST_INTERMEDIATES } from '../trust/authority.js';
import { certificateSchema, id } from '../vocabulary.js';

/** What was brought for the request of an authority. The stream's id is the authority's. */
export const authorityCertificateCategory = { context: 'trust-change', aggregate: 'authority-certificate' } as const;
export const authorityCertificateStream = (authorityId: string) =>
  streamName(authorityCertificateCategory, authorityId);
const event = eventsOf(authorityCertificateCategory);

/** It was found fit when it came; cert-service looks again before the authority signs anything. The last that is fit counts. */
export const AuthorityCertificateBrought = event({
  type: 'AuthorityCertificateBrought',
  schema: z.strictObject({
    authorityId: id,
    certificate: certificateSchema,
    /** Between it and the root, nearest first. */
    intermediates: z.array(certificateSchema).max(MOST_INTERMEDIATES),
    /** SHA-256 of the certificate, hex. */
    fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  }),
});

export const authorityCertificateEvents = [AuthorityCertificateBrought] as const;
export type AuthorityCertificateEvent = EventOf<typeof authorityCertificateEvents>;
