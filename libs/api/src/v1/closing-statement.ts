import { z } from 'zod';
import { route } from '../route.js';
import { revocableKinds, revocationReasons } from './revocations.js';
import { awaitedSiteSchema, id } from './vocabulary.js';

/** The `typ` of a signed statement (RFC 7515, 4.1.9). */
export const CLOSING_STATEMENT = 'caravan-closing-statement+json';

/** A certificate that was worth something until then. */
const invalidatedSchema = z.strictObject({
  /** `authority`: what signed others of them. */
  kind: z.enum(['authority', 'claim', 'member']),
  subject: z.string(),
  serial: z.string(),
  /** SHA-256, hex. */
  fingerprint: z.string(),
  notAfter: z.string(),
});

/** What became of a member or a network that was evicted, or that ended: everything that lost its worth, and who has said so. */
export const closingStatementSchema = z.strictObject({
  installation: z.string(),
  revocationId: id,
  what: z.strictObject({ kind: z.enum(revocableKinds), id, name: z.string() }),
  reason: z.enum(revocationReasons),
  requestedAt: z.string(),
  /** Every certificate was still valid by its own times when it was requested. */
  certificates: z.array(invalidatedSchema),
  /** Routers that enforce it; `at`: when that was heard. */
  confirmed: z.array(z.strictObject({ siteId: id, name: z.string().nullable(), at: z.string() })),
  /** Who has not said so. One that is away enforces it before it admits anybody again. */
  unconfirmed: z.array(awaitedSiteSchema),
  /** Since when nobody is left who would let it in; null: `unconfirmed` says who may be. */
  enforcedAt: z.string().nullable(),
  /** Since when nothing is left of it: members, desired state, names; null: it is being taken apart, or kept as it was. */
  goneAt: z.string().nullable(),
  /** What the log said up to here is in it. */
  position: z.int(),
  statedAt: z.string(),
});
export type ClosingStatement = z.infer<typeof closingStatementSchema>;

export const getClosingStatement = route({
  name: 'getClosingStatement',
  method: 'GET',
  path: '/revocations/{revocationId}/statement',
  summary: 'What became of a member or a network that was evicted or ended, signed by the management plane',
  reply: z.strictObject({
    /** JWS in compact form (RFC 7515) over a `ClosingStatement`; `x5c`: the certificate of management-controller, and what signed it. */
    signed: z.string(),
  }),
  codes: ['revocation.unknown', 'revocation.without-statement'],
});
