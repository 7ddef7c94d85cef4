import { z } from 'zod';

/** Shapes that several events share. */

export const id = z.uuid();
/** A DNS label: names appear in addresses, file names and subjects. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'a name has lower-case letters, digits and dashes, at most 63 characters',
  );
/** A name that can still take `-<number>` behind it. */
export const namePrefixSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/,
    'a prefix has lower-case letters, digits and dashes, at most 48 characters',
  );
/** A DNS name or an IP address. */
export const hostSchema = z
  .string()
  .max(253)
  .regex(/^(\[?[0-9A-Fa-f:]+\]?|[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)$/, 'a DNS name or an IP address');
export const portSchema = z.int().min(1).max(65535);
export const addressSchema = z
  .string()
  .regex(
    /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/,
    'an address has lower-case letters, digits, dots and dashes, at most 63 characters',
  );
export const accessKindSchema = z.enum(['claim', 'member', 'peer', 'manage']);
export type AccessKind = z.infer<typeof accessKindSchema>;
export const timeSchema = z.iso.datetime();
/** A PEM certificate request, as the site sent it; its signature was checked before it became part of an event. */
export const csrSchema = z.string().startsWith('-----BEGIN CERTIFICATE REQUEST-----').max(8192);
export const certificateSchema = z.string().startsWith('-----BEGIN CERTIFICATE-----').max(16_384);
/** SHA-256 (hex) of a DER SubjectPublicKeyInfo. */
export const keyFingerprintSchema = z.string().regex(/^[0-9a-f]{64}$/);
/** A certificate that an operator supplies to prove access points, and the authorities, up to their roots, that it is judged by. */
export const suppliedProofSchema = z.strictObject({
  trust: z.array(certificateSchema).min(1).max(4),
  subject: z.string().max(1024),
  /** SHA-256 (hex) of the certificate. */
  fingerprint: keyFingerprintSchema,
  notAfter: timeSchema,
});
export type SuppliedProof = z.infer<typeof suppliedProofSchema>;
/** A certificate that an operator supplies for a link that a site dials: whoever accepts the link knows the site by it. */
export const linkCertificateSchema = z.strictObject({
  /** Of the link, as the site is told of it. */
  linkId: z.string().min(1).max(128),
  certificate: z.string().startsWith('-----BEGIN CERTIFICATE-----').max(8_192),
  subject: z.string().max(1024),
  /** SHA-256 (hex) of the certificate. */
  fingerprint: keyFingerprintSchema,
  notAfter: timeSchema,
});
export type LinkCertificate = z.infer<typeof linkCertificateSchema>;
/** Links of one site. */
export const MOST_LINK_CERTIFICATES = 8;
export const linkCertificatesSchema = z.array(linkCertificateSchema).max(MOST_LINK_CERTIFICATES);
