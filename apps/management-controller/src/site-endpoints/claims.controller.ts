import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { CLAIM_PATTERN, claimRequestSchema } from '@caravan/events';
import type { ClaimRequest, JoinReply } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { CLOCK, derivedId, Message, newId, SubjectId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { CurrentDirectory } from '../directory/current-directory.js';
import { admissionOf } from '../members/admission.js';
import { JoinReplies } from './join-replies.js';
import { Recoveries } from './recoveries.js';
import { siteMetadata } from '../deciding/metadata.js';

/** An invitation's claimants ask here. Which invitation it is, is the subject that the server let them publish on. */
@Controller()
export class ClaimsController {
  constructor(
    private readonly deciders: Deciders,
    private readonly directory: CurrentDirectory,
    private readonly replies: JoinReplies,
    private readonly recoveries: Recoveries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Authenticate (the CSR proves the key), then one compare-and-set of one fact. Ids follow from the claimant's key, so that
   * whoever comes again with it is the same claimant. The command is a new one each time all the same: what was decided for the
   * key before is looked at with what has happened since, and not answered as it was then.
   */
  @MessagePattern(CLAIM_PATTERN)
  async claim(
    @SubjectId() invitationId: string,
    @Message(claimRequestSchema) { capability, csr, recovery, name, details }: ClaimRequest,
  ): Promise<JoinReply> {
    if (recovery) return this.recoveries.of(invitationId, { capability, csr, recovery });
    const claimantKey = readCsr(csr).publicKeyFingerprint;
    const now = this.clock.now();
    const actor = { kind: 'claim', id: invitationId } as const;
    const networkId = await this.directory.find(({ invitations }) => invitations, invitationId);
    const network =
      networkId === undefined ? undefined : await this.directory.find(({ networks }) => networks, networkId);
    const claim = await this.deciders.invitation({
      type: 'ClaimInvitation',
      invitationId,
      claimantKey,
      csr,
      memberId: derivedId('member', invitationId, claimantKey),
      certificateId: derivedId('member certificate', invitationId, claimantKey),
      network,
      name,
      details,
      metadata: siteMetadata(actor, ['claim', invitationId, claimantKey, newId(now.getTime())], now),
    });
    const { state } = claim;
    if (state.status === 'unknown' || state.status === 'deleted')
      throw new Rejection('invitation.unknown', { invitationId });
    const claimed = state.claims.get(claimantKey);
    if (!claimed) throw new Error(`the claim by ${claimantKey} is not in the state that it led to`);
    if (claimed.status === 'awaited') return this.replies.awaiting(claimed.memberId, capability);
    // The admission reaction does the same if we die here.
    const admission = admissionOf(state.terms, claimantKey, claimed, csr);
    const cause = siteMetadata(actor, ['admit', claimed.memberId], now);
    await this.deciders.member({ type: 'AdmitMember', memberId: claimed.memberId, admission, metadata: cause });
    const { memberId: siteId, memberName, certificateId } = claimed;
    const again = await this.recoveries.afterClaim(invitationId, certificateId, { capability, csr });
    return (
      again ??
      this.replies.of({ siteId, name: memberName, networkId: state.terms.networkId, certificateId }, capability)
    );
  }
}
