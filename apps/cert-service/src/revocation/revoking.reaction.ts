import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import {
  AccessPointRemoved,
  BackboneSiteRemoved,
  InvitationDeleted,
  InvitationRevoked,
  MemberRemoved,
  RevocationRequested,
} from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { RecordedEvent } from '@caravan/event-store';
import { Recorded } from '@caravan/platform';
import { Revocations } from './revocations.js';
import type { Revoked } from './revocations.js';

const REVOKING = [
  AccessPointRemoved,
  BackboneSiteRemoved,
  InvitationDeleted,
  InvitationRevoked,
  MemberRemoved,
  RevocationRequested,
] as const;
type Gone = EventOf<(typeof REVOKING)[number]>;

/** Who is removed holds nothing any more: relays and NATS refuse by who is there, everybody else by the lists. */
@Controller()
export class RevokingReaction {
  constructor(@Inject(Revocations) private readonly revocations: Revocations) {}

  @EventPattern(REVOKING.map(({ type }) => type), { reaction: 'revoking' })
  async gone(@Recorded() event: RecordedEvent<Gone>): Promise<void> {
    const revokedAt = new Date(event.at);
    const reason = event.type === 'RevocationRequested' ? event.data.reason : 'cessation-of-operation';
    await this.revocations.revoke(revokedBy(event).map((one) => ({ ...one, revokedAt, reason })));
  }
}

const ofSite = (id: string) => (['backbone-site', 'bootstrap'] as const).map((kind) => ({ kind, id }));

function revokedBy({ type, data }: Gone): Pick<Revoked, 'kind' | 'id'>[] {
  switch (type) {
    case 'MemberRemoved':
      return [{ kind: 'member', id: data.memberId }];
    case 'AccessPointRemoved':
      return [{ kind: 'access-point', id: data.accessPointId }];
    case 'BackboneSiteRemoved':
      return ofSite(data.siteId);
    case 'InvitationRevoked':
    case 'InvitationDeleted':
      return [{ kind: 'claim', id: data.invitationId }];
    case 'RevocationRequested':
      return revokedWith(data.target);
    default:
      return assertNever(type);
  }
}

function revokedWith(target: EventOf<typeof RevocationRequested>['data']['target']): Pick<Revoked, 'kind' | 'id'>[] {
  switch (target.kind) {
    case 'certificate':
      return [{ kind: 'certificate', id: target.certificateId }];
    case 'member':
      return [{ kind: 'member', id: target.memberId }];
    case 'network':
      return [{ kind: 'network', id: target.networkId }];
    case 'backbone-site':
      return ofSite(target.siteId);
    default:
      return assertNever(target);
  }
}
