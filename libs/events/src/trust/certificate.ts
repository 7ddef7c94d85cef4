import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { certificateSchema, id, timeSchema } from '../vocabulary.js';
import { MOST_INTERMEDIATES } from './authority.js';

/** One certificate, from its issue on. The stream's id is the certificate id that the asker chose: asking twice is one certificate. */
export const certificateCategory = { context: 'trust', aggregate: 'certificate' } as const;
export const certificateStream = (certificateId: string) => streamName(certificateCategory, certificateId);
const event = eventsOf(certificateCategory);

/** Who holds it. */
export const holderSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nats-server') }),
  z.strictObject({ kind: z.literal('api-server') }),
  z.strictObject({ kind: z.literal('service'), name: z.string() }),
  z.strictObject({ kind: z.literal('management-site'), siteId: id }),
  z.strictObject({ kind: z.literal('administrator'), name: z.string() }),
  z.strictObject({ kind: z.literal('manage-link'), siteId: id, backboneId: id }),
  z.strictObject({ kind: z.literal('bootstrap'), siteId: id, backboneId: id }),
  z.strictObject({ kind: z.literal('backbone-site'), siteId: id, backboneId: id }),
  z.strictObject({ kind: z.literal('access-point'), accessPointId: id, siteId: id, backboneId: id }),
  z.strictObject({ kind: z.literal('claim'), invitationId: id, networkId: id }),
  z.strictObject({ kind: z.literal('member'), memberId: id, networkId: id }),
]);
export type Holder = z.infer<typeof holderSchema>;

export const CertificateIssued = event({
  type: 'CertificateIssued',
  version: 3,
  upcasters: {
    1: (data) => data, // nothing stood between the root and a backbone
    2: (data) => data, // administrators had tokens only
  },
  schema: z.strictObject({
    certificateId: id,
    holder: holderSchema,
    /** The URI SAN; null for servers that are known by host only. */
    identity: z.string().nullable(),
    hosts: z.array(z.string()),
    ordinal: z.int().min(1),
    issuerId: id,
    serial: z.string(),
    subject: z.string(),
    fingerprint: z.string(),
    publicKeyFingerprint: z.string(),
    notBefore: timeSchema,
    notAfter: timeSchema,
    certificate: certificateSchema,
    /** The authorities between it and the trust anchor of its listeners, nearest first; the root is never sent. */
    chain: z.array(certificateSchema).max(3 + MOST_INTERMEDIATES),
  }),
});
/** It will not be issued, and asking again cannot change that. */
export const CertificateRefused = event({
  type: 'CertificateRefused',
  version: 2,
  upcasters: { 1: (data) => data }, // administrators had tokens only
  schema: z.strictObject({ certificateId: id, holder: holderSchema, code: z.string(), detail: z.string() }),
});

export const certificateEvents = [CertificateIssued, CertificateRefused] as const;
export type CertificateEvent = EventOf<typeof certificateEvents>;
