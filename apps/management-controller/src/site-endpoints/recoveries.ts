import { Inject, Injectable } from '@nestjs/common';
import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { ClaimRequest, JoinReply, Recovery } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { readCsr } from '@caravan/pki';
import { CLOCK, derivedId } from '@caravan/platform';
import type { Clock } from '@caravan/platform';
import { CertificateAges } from '../certificates/certificate-ages.js';
import { LockedOut } from '../certificates/locked-out.js';
import { Deciders } from '../deciding/deciders.js';
import { siteMetadata } from '../deciding/metadata.js';
import type { CertificateRow } from '../certificates/certificate.projection.js';
import { ReadModels } from '../read-models/read-models.js';
import { formerCertificate, requireLast } from './former-certificate.js';
import { JoinReplies } from './join-replies.js';

/** How long after the end of a certificate its holder may ask by it, in milliseconds. */
export const RECOVERY_WITHIN_MS = Symbol('RECOVERY_WITHIN_MS');

type Asked = Pick<ClaimRequest, 'capability' | 'csr'>;
type Proven = Asked & { readonly recovery: Recovery };

/**
 * Sites that come back after their certificates were over, or a rotation went on without them, known by the key that they had. Members come through the claim door, with any open
 * invitation of their network: nobody new joins by that, and no place of the invitation is taken. Backbone sites come with a bundle that was made again.
 */
@Injectable()
export class Recoveries {
  constructor(
    private readonly deciders: Deciders,
    private readonly readModels: ReadModels,
    private readonly ages: CertificateAges,
    private readonly lockedOut: LockedOut,
    private readonly replies: JoinReplies,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RECOVERY_WITHIN_MS) private readonly withinMs: number,
  ) {}

  /** @throws Rejection `invitation.*`, `recovery.*`, `member.unknown`, `certificate.*` */
  async of(invitationId: string, { recovery, ...asked }: Proven): Promise<JoinReply> {
    const now = this.clock.now();
    const { networkId } = await this.#open(invitationId, now);
    const former = await formerCertificate(recovery, asked.csr, this.readModels);
    return this.#member(former, networkId, asked, now);
  }

  /** @throws Rejection `recovery.*`, `backbone-site.unknown`, `certificate.*` */
  async ofBackboneSite(siteId: string, { recovery, ...asked }: Proven): Promise<JoinReply> {
    const now = this.clock.now();
    const former = await formerCertificate(recovery, asked.csr, this.readModels);
    const site = await this.readModels.backboneSites.find({ id: siteId });
    if (!site || former.holderKind !== 'backbone-site' || former.holderId !== siteId)
      throw new Rejection('backbone-site.unknown', { siteId });
    const next = await this.#next(former, asked, now);
    const { backboneId, name } = site;
    await this.deciders.backboneSite({ type: 'RequestSiteCertificate', siteId, backboneId, ...next });
    return this.replies.of({ siteId, name, networkId: null, certificateId: next.certificateId }, asked.capability);
  }

  /**
   * A claim whose first answer was lost on its way, and lets nobody in by now: undefined while it does. The key is the claim's own.
   *
   * @throws Rejection as `of`
   */
  async afterClaim(invitationId: string, certificateId: string, asked: Asked): Promise<JoinReply | undefined> {
    const now = this.clock.now();
    const former = await this.readModels.certificates.find({ id: certificateId });
    if (!former || !(await this.lockedOut.holds(former, now))) return undefined;
    const { networkId } = await this.#open(invitationId, now);
    return this.#member(former, networkId, asked, now);
  }

  async #member(former: CertificateRow, networkId: string, asked: Asked, now: Date): Promise<JoinReply> {
    const { holderKind, holderId: memberId } = former;
    const member = holderKind === 'member' ? await this.readModels.members.find({ id: memberId, networkId }) : null;
    // Also one of another network: it learns not even that it exists.
    if (!member) throw new Rejection('member.unknown', { memberId });
    const next = await this.#next(former, asked, now);
    await this.deciders.member({ type: 'RequestMemberCertificate', memberId, ...next });
    const { certificateId } = next;
    return this.replies.of({ siteId: memberId, name: member.name, networkId, certificateId }, asked.capability);
  }

  /** What its holder asks for by it. */
  async #next(former: CertificateRow, { csr }: Asked, now: Date) {
    const claimantKey = readCsr(csr).publicKeyFingerprint;
    const { answers, ordinal, certificateId } = await this.#answersTo(former, claimantKey, now);
    await requireLast(former, this.readModels, { withinMs: this.withinMs, now, answers });
    const { holderKind, holderId } = former;
    // Who need not come back is told so for good, and comes by this file never again.
    if (!(await this.lockedOut.holdsNow(former, now))) {
      const held = { kind: 'certificate', id: SITE_CERTIFICATE, purpose: 'site' } as const;
      await this.ages.requireOld(holderId, { ...held, ordinal: former.ordinal, hosts: [] }, now);
    }
    const actor = { kind: holderKind as 'member' | 'backbone-site', id: holderId };
    const metadata = siteMetadata(actor, ['recovery', holderId, String(ordinal), claimantKey], now);
    return { certificateId, ordinal, claimantKey, csr, metadata };
  }

  /** What this key is answered with: the first that lets it in. Those before it were lost, and it came back too late for them. */
  async #answersTo({ holderId, ordinal: first }: CertificateRow, claimantKey: string, now: Date) {
    const answers = new Set<string>();
    for (let ordinal = first + 1; ; ordinal++) {
      const certificateId = certificateIdOf(holderId, ordinal, claimantKey);
      answers.add(certificateId);
      const row = await this.readModels.certificates.find({ id: certificateId });
      if (!row || !(await this.lockedOut.holds(row, now))) return { answers, ordinal, certificateId };
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

/** As of any other request of a site for what it is known by. */
const certificateIdOf = (memberId: string, ordinal: number, claimantKey: string): string =>
  derivedId('site certificate', memberId, SITE_CERTIFICATE, String(ordinal), claimantKey);
