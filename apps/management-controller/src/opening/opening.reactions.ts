import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import {
  InvitationClaimed,
  InvitationDeleted,
  InvitationListed,
  MemberRemoved,
  NetworkDeleted,
  NetworkEnded,
  NetworkPlaced,
} from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { causeOf } from '@caravan/event-store';
import type { CommandMetadata, RecordedEvent } from '@caravan/event-store';
import { CLOCK, consequenceOf, derivedId, Recorded, SERVICE } from '@caravan/platform';
import type { Clock, Service } from '@caravan/platform';
import { Deciders } from '../deciding/deciders.js';
import { revocationIdOf } from '../revocations/revocation-id.js';

/** Part of the durable's name, and so of this service's permissions at the NATS server. */
const reaction = { reaction: 'opening' };

/**
 * Finishes what spans two streams. The request that wrote the first event writes the second itself; this is for when it died in
 * between. Deciders answer a second time with nothing, so that both may run.
 */
@Controller()
export class OpeningReactions {
  constructor(
    private readonly deciders: Deciders,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(SERVICE) private readonly service: Service,
  ) {}

  @EventPattern(NetworkPlaced.type, reaction)
  async openNetwork(@Recorded() event: RecordedEvent<EventOf<typeof NetworkPlaced>>): Promise<void> {
    await this.deciders.network({ type: 'CreateNetwork', ...event.data, metadata: this.because(event) });
  }

  @EventPattern(NetworkDeleted.type, reaction)
  async withdrawNetwork(@Recorded() event: RecordedEvent<EventOf<typeof NetworkDeleted>>): Promise<void> {
    await this.deciders.backbone({ type: 'WithdrawNetwork', ...event.data, metadata: this.because(event) });
  }

  @EventPattern(InvitationListed.type, reaction)
  async openInvitation(@Recorded() event: RecordedEvent<EventOf<typeof InvitationListed>>): Promise<void> {
    const { data: terms } = event;
    const { invitationId } = terms;
    await this.deciders.invitation({ type: 'IssueInvitation', invitationId, terms, metadata: this.because(event) });
  }

  @EventPattern(InvitationDeleted.type, reaction)
  async unlistInvitation(@Recorded() event: RecordedEvent<EventOf<typeof InvitationDeleted>>): Promise<void> {
    await this.deciders.network({ type: 'UnlistInvitation', ...event.data, metadata: this.because(event) });
  }

  @EventPattern(InvitationClaimed.type, reaction)
  async admit(@Recorded() event: RecordedEvent<EventOf<typeof InvitationClaimed>>): Promise<void> {
    const { memberName: name, ordinal: _, ...data } = event.data;
    const { memberId } = data;
    const admission = { ...data, name };
    await this.deciders.member({ type: 'AdmitMember', memberId, admission, metadata: this.because(event) });
  }

  @EventPattern(MemberRemoved.type, reaction)
  async recordMemberGone(@Recorded() event: RecordedEvent<EventOf<typeof MemberRemoved>>): Promise<void> {
    const { invitationId, memberId } = event.data;
    const metadata = this.because(event);
    await this.deciders.invitation({ type: 'RecordMembersGone', invitationId, memberIds: [memberId], metadata });
  }

  /** What was issued for it may be valid for longer: it is worth nothing from now on, and every relay is asked whether it knows. */
  @EventPattern(NetworkEnded.type, reaction)
  async revokeNetwork(@Recorded() event: RecordedEvent<EventOf<typeof NetworkEnded>>): Promise<void> {
    const { networkId, backboneId, name } = event.data;
    const revocationId = revocationIdOf('network', networkId);
    const target = { kind: 'network', networkId, backboneId } as const;
    const about = { revocationId, target, name, reason: 'cessation-of-operation' } as const;
    await this.deciders.revocation({ type: 'RequestRevocation', ...about, metadata: this.because(event) });
  }

  private because(event: RecordedEvent): CommandMetadata {
    const commandId = derivedId('opening', causeOf(event));
    return { commandId, ...consequenceOf(event, this.service, this.clock) };
  }
}
