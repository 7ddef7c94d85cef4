import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { csrSchema, id, keyFingerprintSchema, nameSchema } from '../vocabulary.js';
import { invitationTermsSchema, withPlainTerms } from './invitation-terms.js';
import { siteDetailsSchema, withoutDetails } from './site-details.js';

/** An invitation and every claim made on it: the instance limit is one compare-and-set. */
export const invitationCategory = { context: 'membership', aggregate: 'invitation' } as const;
export const invitationStream = (invitationId: string) => streamName(invitationCategory, invitationId);
const event = eventsOf(invitationCategory);

const invitationId = id;

export const InvitationIssued = event({
  type: 'InvitationIssued',
  version: 2,
  upcasters: { 1: withPlainTerms },
  schema: invitationTermsSchema,
});
/** Somebody downloads it; the claim key was made where it is downloaded and only the request came here. */
export const InvitationCredentialRequested = event({
  type: 'InvitationCredentialRequested',
  schema: z.strictObject({ invitationId, networkId: id, certificateId: id, csr: csrSchema }),
});
/**
 * Whoever has the token may have a credential made where they are, without having been handed a file. Its secret was made by who
 * hands it out; only its hash came here.
 */
export const JoinTokenIssued = event({
  type: 'JoinTokenIssued',
  schema: z.strictObject({ invitationId, networkId: id, joinTokenId: id, secretHash: keyFingerprintSchema }),
});
export const JoinTokenWithdrawn = event({
  type: 'JoinTokenWithdrawn',
  schema: z.strictObject({ invitationId, joinTokenId: id }),
});
const claimSchema = z.strictObject({
  invitationId,
  networkId: id,
  backboneId: id,
  memberId: id,
  memberName: nameSchema,
  ordinal: z.int().min(1),
  siteClasses: z.array(nameSchema),
  memberAccessPoints: z.array(id),
  /** The claimant: a second claim by the same key is answered with the same member. */
  claimantKey: keyFingerprintSchema,
  certificateId: id,
  csr: csrSchema,
  details: siteDetailsSchema,
});
/** Somebody uses it whose claim has to be approved: an instance is taken and a name, and nothing else is there yet. */
export const ClaimRequested = event({ type: 'ClaimRequested', schema: claimSchema });
/** It is not approved: whoever has that key is not let in, and somebody else may have the instance. */
export const ClaimDeclined = event({
  type: 'ClaimDeclined',
  schema: z.strictObject({ invitationId, networkId: id, memberId: id }),
});
/** One site's act of using it, at once or when it was approved. `ordinal` counts claims from 1 and makes the member's name unique. */
export const InvitationClaimed = event({
  type: 'InvitationClaimed',
  version: 2,
  upcasters: { 1: withoutDetails },
  schema: claimSchema,
});
export const InvitationRevoked = event({ type: 'InvitationRevoked', schema: z.strictObject({ invitationId }) });
export const InvitationDeleted = event({
  type: 'InvitationDeleted',
  schema: z.strictObject({ invitationId, networkId: id }),
});

/** A member that came by this invitation is gone; the invitation may be deleted once all are. */
export const InvitationMemberGone = event({
  type: 'InvitationMemberGone',
  schema: z.strictObject({ invitationId, memberId: id }),
});

export const invitationEvents = [
  InvitationIssued,
  InvitationCredentialRequested,
  JoinTokenIssued,
  JoinTokenWithdrawn,
  ClaimRequested,
  ClaimDeclined,
  InvitationClaimed,
  InvitationRevoked,
  InvitationMemberGone,
  InvitationDeleted,
] as const;
export type InvitationEvent = EventOf<typeof invitationEvents>;
