import { Inject, Injectable } from '@nestjs/common';
import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { ClaimRequest, JoinReply, Recovery } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { CLOCK, derivedId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { CertificateAges } from '../certificates/certificate-ages.js';
import { Deciders } from '../deciding/deciders.js';
import { siteMetadata } from '../deciding/metadata.js';
import { formerMember } from '../members/former-member.js';
import { ReadModels } from '../read-models/read-models.js';
import { JoinReplies } from './join-replies.js';

/** How long after the end of a certificate its holder may ask by it, in milliseconds. */
export const RECOVERY_WITHIN_MS = Symbol('RECOVERY_WITHIN_MS');

type Asked = Pick<ClaimRequest, 'capability' | 'csr'> & { readonly recovery: Recovery };

/**
 * Members that come back after their certificates were over: through the claim door, with any open invitation of their network, and known
 * by the key that they had. Nobody new joins by that, and no place of the invitation is taken.
 */
@Injectable()
export class Recoveries {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly ages: CertificateAges,
    private readonly replies: JoinReplies,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RECOVERY_WITHIN_MS) private readonly withinMs: number,
  ) {}

  /** @throws Rejection `invitation.*`, `recovery.*`, `member.unknown`, `certificate.*` */
  async of(invitationId: string, { capability, csr, recovery }: Asked): Promise<JoinReply> {
    const now = this.clock.now();
    const { networkId } = await this.#open(invitationId, now);
    const claimantKey = readCsr(csr).publicKeyFingerprint;
    const answer = (of: string, ordinal: number) => certificateIdOf(of, ordinal, claimantKey);
    const terms = { withinMs: this.withinMs, now, answer };
    const {
      memberId,
      name,
      ordinal: former,
    } = await formerMember(recovery, { csr, networkId }, this.readModels, terms);
    const ordinal = former + 1;
    const held = { kind: 'certificate', id: SITE_CERTIFICATE, purpose: 'site' } as const;
    await this.ages.requireOld(memberId, { ...held, ordinal: former, hosts: [] }, now);
    const certificateId = certificateIdOf(memberId, ordinal, claimantKey);
    const metadata = siteMetadata(
      { kind: 'member', id: memberId },
      ['recovery', memberId, String(ordinal), claimantKey],
      now,
    );
    const asked = { memberId, certificateId, ordinal, claimantKey, csr, metadata };
    await this.deciders.member({ type: 'RequestMemberCertificate', ...asked });
    return this.replies.of({ siteId: memberId, name, networkId, certificateId }, capability);
  }

  /** The policy: whoever invites may let in again. */
  async #open(invitationId: string, now: Date): Promise<{ readonly networkId: string }> {
    const invitation = await this.readModels.invitations.find({ id: invitationId });
    if (!invitation) throw new Rejection('invitation.unknown', { invitationId });
    if (invitation.status === 'revoked') throw new Rejection('invitation.revoked', { invitationId });
    const { deadline, networkId } = invitation;
    if (deadline !== null && Date.parse(deadline) <= now.getTime())
      throw new Rejection('invitation.expired', { deadline });
    return { networkId };
  }
}

/** As of any other request of a site for what it is known by. */
const certificateIdOf = (memberId: string, ordinal: number, claimantKey: string): string =>
  derivedId('site certificate', memberId, SITE_CERTIFICATE, String(ordinal), claimantKey);
