import { Secret } from '@caravan/pki';
import { z } from 'zod';
import type { CertificateRecord } from './certificate-record.js';

/** How a record lies on disk, inside its seal. The one place where a key becomes text to be written. */
const key = z.string().transform((pem) => new Secret(pem));
const recordSchema = z.object({
  id: z.string(),
  held: z.object({ ordinal: z.int(), chain: z.array(z.string()), key }).exactOptional(),
  requested: z.object({ ordinal: z.int(), csr: z.string(), key }).exactOptional(),
});

export const certificateFromText = (text: string): CertificateRecord => recordSchema.parse(JSON.parse(text));

export function certificateToText({ id, held, requested }: CertificateRecord): string {
  return JSON.stringify({
    id,
    ...(held && { held: { ...held, key: held.key.reveal() } }),
    ...(requested && { requested: { ...requested, key: requested.key.reveal() } }),
  });
}
