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
import type { CertificateRow } from '../certificates/certificate.projection.js';
import { formerCertificate, formerMember } from '../members/former-member.js';
import { ReadModels } from '../read-models/read-models.js';
import { JoinReplies } from './join-replies.js';

/** How long after the end of a certificate its holder may ask by it, in milliseconds. */
export const RECOVERY_WITHIN_MS = Symbol('RECOVERY_WITHIN_MS');

type Asked = Pick<ClaimRequest, 'capability' | 'csr'>;

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
  async of(invitationId: string, { recovery, ...asked }: Asked & { readonly recovery: Recovery }): Promise<JoinReply> {
    const now = this.clock.now();
    const { networkId } = await this.#open(invitationId, now);
    const former = await formerCertificate(recovery, asked.csr, this.readModels);
    return this.#back(former, networkId, asked, now);
  }

  /**
   * A claim whose first answer was lost on its way, and is over by now: undefined while it is not. The key is the claim's own.
   *
   * @throws Rejection as `of`
   */
  async afterClaim(invitationId: string, certificateId: string, asked: Asked): Promise<JoinReply | undefined> {
    const now = this.clock.now();
    const former = await this.readModels.certificates.find({ id: certificateId });
    if (!former || !isOver(former, now)) return undefined;
    const { networkId } = await this.#open(invitationId, now);
    return this.#back(former, networkId, asked, now);
  }

  async #back(former: CertificateRow, networkId: string, { capability, csr }: Asked, now: Date): Promise<JoinReply> {
    const claimantKey = readCsr(csr).publicKeyFingerprint;
    const { answers, ordinal, certificateId } = await this.#answersTo(former, claimantKey, now);
    const terms = { withinMs: this.withinMs, now, networkId, answers };
    const { memberId, name } = await formerMember(former, this.readModels, terms);
    if (!isOver(former, now)) {
      const held = { kind: 'certificate', id: SITE_CERTIFICATE, purpose: 'site' } as const;
      await this.ages.requireOld(memberId, { ...held, ordinal: former.ordinal, hosts: [] }, now);
    }
    const metadata = siteMetadata(
      { kind: 'member', id: memberId },
      ['recovery', memberId, String(ordinal), claimantKey],
      now,
    );
    const request = { memberId, certificateId, ordinal, claimantKey, csr, metadata };
    await this.deciders.member({ type: 'RequestMemberCertificate', ...request });
    return this.replies.of({ siteId: memberId, name, networkId, certificateId }, capability);
  }

  /** What this key is answered with: the first that is not over. Those before it were lost, and it came back too late for them. */
  async #answersTo({ holderId, ordinal: first }: CertificateRow, claimantKey: string, now: Date) {
    const answers = new Set<string>();
    for (let ordinal = first + 1; ; ordinal++) {
      const certificateId = certificateIdOf(holderId, ordinal, claimantKey);
      answers.add(certificateId);
      const row = await this.readModels.certificates.find({ id: certificateId });
      if (!row || !isOver(row, now)) return { answers, ordinal, certificateId };
    }
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

const isOver = ({ notAfter }: CertificateRow, now: Date): boolean => Date.parse(notAfter) <= now.getTime();

/** As of any other request of a site for what it is known by. */
const certificateIdOf = (memberId: string, ordinal: number, claimantKey: string): string =>
  derivedId('site certificate', memberId, SITE_CERTIFICATE, String(ordinal), claimantKey);
