import type { EventOf, InvitationTerms, MemberAdmitted } from '@caravan/events';
import type { Claim } from '../invitations/claims.js';

type Admission = EventOf<typeof MemberAdmitted>['data'];

/** What a claim opens the member's stream with, whoever does it: the claim's own request or the admission reaction. */
export const admissionOf = (
  terms: InvitationTerms,
  claimantKey: string,
  { memberId, memberName, certificateId, details }: Omit<Claim, 'status'>,
  csr: string,
): Admission => ({
  memberId,
  networkId: terms.networkId,
  backboneId: terms.backboneId,
  invitationId: terms.invitationId,
  name: memberName,
  siteClasses: terms.siteClasses,
  memberAccessPoints: terms.memberAccessPoints,
  claimantKey,
  certificateId,
  csr,
  details,
});
