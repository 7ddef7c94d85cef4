import { z } from 'zod';
import { eventsOf } from '../event-type.js';
import type { EventOf } from '../event-type.js';
import { streamName } from '../stream.js';
import { csrSchema, id, keyFingerprintSchema, nameSchema } from '../vocabulary.js';
import { invitationTermsSchema } from './invitation-terms.js';

/** An invitation and every claim made on it: the instance limit is one compare-and-set. */
export const invitationCategory = { context: 'membership', aggregate: 'invitation' } as const;
export const invitationStream = (invitationId: string) => streamName(invitationCategory, invitationId);
const event = eventsOf(invitationCategory);

const invitationId = id;

export const InvitationIssued = event({ type: 'InvitationIssued', schema: invitationTermsSchema });
/** Somebody downloads it; the claim key was made where it is downloaded and only the request came here. */
export const InvitationCredentialRequested = event({
  type: 'InvitationCredentialRequested',
  schema: z.strictObject({ invitationId, networkId: id, certificateId: id, csr: csrSchema }),
});
/** One site's act of using it. `ordinal` counts claims from 1 and makes the member's name unique. */
export const InvitationClaimed = event({
  type: 'InvitationClaimed',
  schema: z.strictObject({
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
  }),
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
  InvitationClaimed,
  InvitationRevoked,
  InvitationMemberGone,
  InvitationDeleted,
] as const;
export type InvitationEvent = EventOf<typeof invitationEvents>;
