import { z } from 'zod';

/** What items say about certificates. */

/** Characters of one certificate, or of one key. */
export const MOST_PEM = 16_384;
/** One certificate. */
export const pem = z.string().startsWith('-----BEGIN CERTIFICATE-----').max(MOST_PEM);

/** Authorities of what one operator supplies. */
export const MOST_SUPPLIED = 4;

/** Only for a site of capability 3 and later (libs/events, site protocol). */
export const retired = z.array(pem).min(1).max(8).optional();

/**
 * Serials, lower-case hex, of single certificates that are worth nothing before their time; they are random, so no two authorities give
 * the same. No fingerprints: an ECDSA signature can be written in two ways. Only for a site of capability 4 and later.
 */
export const revoked = z
  .array(z.string().regex(/^[0-9a-f]{2,40}$/))
  .min(1)
  .max(4096)
  .optional();

/** Certificates that operators supply for links, at one door; and characters of one of them. */
export const MOST_PINNED = 256;
export const MOST_OF_A_PIN = 8_192;
/**
 * Certificates that operators supply for the links of their sites: each is its holder's alone, whoever signed it. Who came in by one stays when
 * it is no longer here, as with `retired`. Only for a site of capability 9 and later.
 */
export const pinned = z
  .array(z.strictObject({ identity: z.string().startsWith('spiffe://').max(512), certificate: pem.max(MOST_OF_A_PIN) }))
  .min(1)
  .max(MOST_PINNED)
  .optional();

/**
 * SHA-256 (hex) of the certificate that is pinned at the other end, of those that the dialler's own operator supplies: shown there before the
 * dialler's own. Only for a site of capability 9 and later.
 */
export const suppliedFingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional();
