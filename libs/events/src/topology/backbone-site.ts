import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import {
  csrSchema,
  hostSchema,
  id,
  keyFingerprintSchema,
  linkCertificatesSchema,
  suppliedProofSchema,
} from '../vocabulary.js';

/** A backbone site's own life: how it was set up and which certificates it asked for. */
export const backboneSiteCategory = { context: 'topology', aggregate: 'backbone-site' } as const;
export const backboneSiteStream = (siteId: string) => streamName(backboneSiteCategory, siteId);
const event = eventsOf(backboneSiteCategory);

/** Somebody downloads the one-time bundle; its key was made where it is downloaded. */
export const BootstrapRequested = event({
  type: 'BootstrapRequested',
  schema: z.strictObject({
    siteId: id,
    backboneId: id,
    certificateId: id,
    /** Where its `manage` access points will be reached: the bundle's certificate serves them until the site has its own. */
    hosts: z.array(hostSchema).max(16),
    csr: csrSchema,
  }),
});
/** The site has used its bundle, once: from here on the bundle is worth nothing, except to the same key. */
export const BackboneSiteEnrolled = event({
  type: 'BackboneSiteEnrolled',
  schema: z.strictObject({
    siteId: id,
    backboneId: id,
    certificateId: id,
    claimantKey: keyFingerprintSchema,
    csr: csrSchema,
  }),
});
/** From here on the site, or its access point, shall have the certificate of this ordinal, because somebody wants it so. */
export const BackboneSiteCertificateDue = event({
  type: 'BackboneSiteCertificateDue',
  schema: z.strictObject({ siteId: id, backboneId: id, ordinal: z.int().min(2) }),
});
export const AccessPointCertificateDue = event({
  type: 'AccessPointCertificateDue',
  schema: z.strictObject({ siteId: id, backboneId: id, accessPointId: id, ordinal: z.int().min(2) }),
});
/** The site's own certificate of an ordinal is asked for: by the age of the one before, or because its desired state says so. */
export const BackboneSiteCertificateRequested = event({
  type: 'BackboneSiteCertificateRequested',
  schema: z.strictObject({
    siteId: id,
    backboneId: id,
    certificateId: id,
    ordinal: z.int().min(2),
    claimantKey: keyFingerprintSchema,
    csr: csrSchema,
  }),
});
/** `hosts` come from the access point, never from the request. */
export const AccessPointCertificateRequested = event({
  type: 'AccessPointCertificateRequested',
  schema: z.strictObject({
    siteId: id,
    backboneId: id,
    accessPointId: id,
    certificateId: id,
    ordinal: z.int().min(1),
    claimantKey: keyFingerprintSchema,
    hosts: z.array(hostSchema).min(1).max(16),
    csr: csrSchema,
  }),
});

/**
 * From here on the site's access points are proven, where it names their host, by a certificate that its operator supplies: whoever dials them
 * judges it by `trust` and the host. What is issued to them goes on proving the others.
 */
export const BackboneSiteProofSupplied = event({
  type: 'BackboneSiteProofSupplied',
  schema: z.strictObject({ siteId: id, backboneId: id, ...suppliedProofSchema.shape }),
});
/** And from here on again by nothing but what is issued to them. */
export const BackboneSiteProofWithdrawn = event({
  type: 'BackboneSiteProofWithdrawn',
  schema: z.strictObject({ siteId: id, backboneId: id }),
});

/** From here on the site shows these, and none of those before, when it dials those links; others know it by them too. Empty: none any more. */
export const BackboneSiteLinkCertificatesSupplied = event({
  type: 'BackboneSiteLinkCertificatesSupplied',
  schema: z.strictObject({
    siteId: id,
    backboneId: id,
    linkCertificates: linkCertificatesSchema,
  }),
});

export const backboneSiteEvents = [
  BootstrapRequested,
  BackboneSiteEnrolled,
  BackboneSiteCertificateDue,
  BackboneSiteCertificateRequested,
  AccessPointCertificateDue,
  AccessPointCertificateRequested,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
  BackboneSiteLinkCertificatesSupplied,
] as const;
export type BackboneSiteEvent = EventOf<typeof backboneSiteEvents>;
