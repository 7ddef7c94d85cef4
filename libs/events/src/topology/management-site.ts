import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { csrSchema, hostSchema, id, keyFingerprintSchema, nameSchema, portSchema } from '../vocabulary.js';

/** The management plane's own site: its relay dials the `manage` access points and answers for `caravan.control`. */
export const managementSiteCategory = { context: 'topology', aggregate: 'management-site' } as const;
export const managementSiteStream = (siteId: string) => streamName(managementSiteCategory, siteId);
const event = eventsOf(managementSiteCategory);

/** `controlHost`, `controlPort`: where its relay finds the management NATS server. */
export const ManagementSiteRegistered = event({
  type: 'ManagementSiteRegistered',
  schema: z.strictObject({ siteId: id, name: nameSchema, controlHost: hostSchema, controlPort: portSchema }),
});
export const ManagementSiteMoved = event({
  type: 'ManagementSiteMoved',
  schema: z.strictObject({ siteId: id, controlHost: hostSchema, controlPort: portSchema }),
});
/** From here on it shall have the certificate of this ordinal, because somebody wants it so. */
export const ManageLinkCertificateDue = event({
  type: 'ManageLinkCertificateDue',
  schema: z.strictObject({ siteId: id, backboneId: id, ordinal: z.int().min(2) }),
});
/** One client certificate for each backbone, under that backbone's infrastructure authority. */
export const ManageLinkCertificateRequested = event({
  type: 'ManageLinkCertificateRequested',
  schema: z.strictObject({
    siteId: id,
    backboneId: id,
    certificateId: id,
    ordinal: z.int().min(1),
    claimantKey: keyFingerprintSchema,
    csr: csrSchema,
  }),
});

/** What it is known by itself: the first one comes with its file, and each after that is asked for, as by any site. */
export const ManagementSiteCertificateRequested = event({
  type: 'ManagementSiteCertificateRequested',
  schema: z.strictObject({
    siteId: id,
    certificateId: id,
    ordinal: z.int().min(2),
    claimantKey: keyFingerprintSchema,
    csr: csrSchema,
  }),
});

export const managementSiteEvents = [
  ManagementSiteRegistered,
  ManagementSiteMoved,
  ManageLinkCertificateDue,
  ManageLinkCertificateRequested,
  ManagementSiteCertificateRequested,
] as const;
export type ManagementSiteEvent = EventOf<typeof managementSiteEvents>;
