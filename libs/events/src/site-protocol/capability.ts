import { z } from 'zod';

/**
 * What a site controller can do, as one growing number: old sites and new controllers work together because each looks at the
 * other's number before it uses something newer.
 *
 * | number | since      | meaning                                                                                         |
 * | ------ | ---------- | ----------------------------------------------------------------------------------------------- |
 * | 1      | 2026-11-20 | claim, enrol, sync, report, certificate, command, nudge                                         |
 * | 2      | 2026-11-20 | enforces the `window` of an admission by its own clock; hears the other side's number in a sync |
 * | 3      | 2026-11-21 | keeps links by what is `retired` from an admission's and a link's trust                         |
 * | 4      | 2026-11-21 | refuses certificates that an admission or a link says are `revoked`                             |
 * | 5      | 2026-11-22 | asks a link's other end for one of its `identities`; asks for `latest`                          |
 * | 6      | 2026-11-22 | claims as whom it was before, by the key of a certificate that is over                          |
 * | 7      | 2026-11-22 | speaks `tls` with applications; a lower one refuses such a listener or connector, and says so   |
 * | 8      | 2026-11-22 | judges a link's other end by what is `supplied`; reports the `proof` that its operator supplies |
 * | 9      | 2026-11-22 | dials with, and reports, `linkCertificates` that its operator supplies; lets in what is `pinned` |
 * | 10     | 2026-11-23 | `leave`s its network by itself                                                                  |
 * | 11     | 2026-11-24 | claims with a `name` and `details`; hears that its claim `awaits` approval                      |
 */
export const CAPABILITY = 11;
/** From here on a site may be given an admission with a window; a lower one must never be. */
export const KNOWS_WINDOWS = 2;
/** From here on a management plane can be asked for the latest. */
export const ANSWERS_LATEST = 5;
/** From here on a site hears that its claim awaits approval. */
export const KNOWS_APPROVAL = 11;
/** From here on a management plane hears by what access points are proven, and what is supplied for links. */
export const HEARS_PROOF = 8;
export const HEARS_LINK_CERTIFICATES = 9;
/** A site that can less is told to be updated, whatever else it says. It grows when an old meaning is given up. */
export const OLDEST_CAPABILITY = 1;
export const capabilitySchema = z.int().min(OLDEST_CAPABILITY).max(1_000_000);

/** Larger requests of a site are refused before they are parsed. */
export const MAX_SITE_MESSAGE_BYTES = 262_144;

/** Every refusal over the site protocol: a stable code, what happened in words, and whether asking again can help. */
export const protocolErrorSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    detail: z.string(),
    /** `later`: the same request may succeed. `never`: it cannot. */
    retry: z.enum(['later', 'never']),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ProtocolError = z.infer<typeof protocolErrorSchema>;
