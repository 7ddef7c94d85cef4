import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { csrSchema, id, keyFingerprintSchema, timeSchema } from '../vocabulary.js';
import { authorityKindSchema } from './authority.js';

/** An authority whose key is there and whose certificate somebody else is to sign. The stream's id is the authority's. */
export const authorityRequestCategory = { context: 'trust', aggregate: 'authority-request' } as const;
export const authorityRequestStream = (authorityId: string) => streamName(authorityRequestCategory, authorityId);
const event = eventsOf(authorityRequestCategory);

/** `offline`: people sign the request and bring the certificate. `cert-manager`: the one of a Kubernetes namespace. */
export const outsideIssuerSchema = z.enum(['offline', 'cert-manager']);
export type OutsideIssuer = z.infer<typeof outsideIssuerSchema>;
/** `internal`: the authority above it signs, whose key is here. */
export const authorityIssuerSchema = z.enum(['internal', ...outsideIssuerSchema.options]);
export type AuthorityIssuer = z.infer<typeof authorityIssuerSchema>;

/** From here on its certificate is awaited. What is asked for never changes: the next ordinal has a request of its own. */
export const AuthorityRequested = event({
  type: 'AuthorityRequested',
  schema: z.strictObject({
    authorityId: id,
    kind: authorityKindSchema.exclude(['root']),
    /** Whose it will be; both null for management. */
    backboneId: id.nullable(),
    networkId: id.nullable(),
    ordinal: z.int().min(1),
    /** The root that it is to stand below. */
    rootId: id,
    issuer: outsideIssuerSchema,
    /** PEM. It asks for the constraints of its place in the tree. */
    csr: csrSchema,
    subject: z.string(),
    publicKeyFingerprint: keyFingerprintSchema,
    /** How many authorities may stand below it. */
    pathLength: z.int().min(0),
    /** It may not last longer; null: no longer than the root. */
    until: timeSchema.nullable(),
  }),
});

export const authorityRequestEvents = [AuthorityRequested] as const;
export type AuthorityRequestEvent = EventOf<typeof authorityRequestEvents>;
