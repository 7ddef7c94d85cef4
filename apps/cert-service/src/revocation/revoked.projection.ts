import {
  AccessPointRemoved,
  BackboneSiteRemoved,
  InvitationDeleted,
  InvitationRevoked,
  MemberRemoved,
  RevocationRequested,
} from '@caravan/events';
import type { Holder, RevocationTarget } from '@caravan/events';
import { assertNever, defineProjection, on, upsertRow } from '@caravan/event-store';
import type { Change } from '@caravan/event-store';
import type { RevocationReason } from '@caravan/pki';

/** All certificates of a holder, one certificate, or the authorities of a network. */
type RevokedKind = Holder['kind'] | 'certificate' | 'network';

/** Since when it is worth nothing, and why: what was first counts. */
export interface RevokedRow {
  id: string;
  kind: RevokedKind;
  ownId: string;
  revokedAt: string;
  reason: RevocationReason;
}

/** Who was removed holds nothing any more: relays and NATS refuse by who is there, everybody else by the lists. */
const gone = (kind: RevokedKind, ownId: string, at: string, reason: RevocationReason = 'cessation-of-operation') => {
  const id = `${kind}/${ownId}`;
  return upsertRow<RevokedRow>(id, (before) => before ?? { id, kind, ownId, revokedAt: at, reason });
};
const site = (siteId: string, at: string, reason?: RevocationReason): Change<RevokedRow>[] => [
  gone('backbone-site', siteId, at, reason),
  gone('bootstrap', siteId, at, reason),
];

export const revokedProjection = defineProjection<RevokedRow>({
  table: 'revoked',
  key: 'id',
  columns: { id: 'text', kind: 'text', ownId: 'text', revokedAt: 'timestamptz', reason: 'text' },
  on: [
    on(AccessPointRemoved, ({ data }, { at }) => gone('access-point', data.accessPointId, at)),
    on(BackboneSiteRemoved, ({ data }, { at }) => site(data.siteId, at)),
    on(InvitationDeleted, ({ data }, { at }) => gone('claim', data.invitationId, at)),
    on(InvitationRevoked, ({ data }, { at }) => gone('claim', data.invitationId, at)),
    on(MemberRemoved, ({ data }, { at }) => gone('member', data.memberId, at)),
    on(RevocationRequested, ({ data: { target, reason } }, { at }) => revokedWith(target, at, reason)),
  ],
});

function revokedWith(target: RevocationTarget, at: string, reason: RevocationReason): Change<RevokedRow>[] {
  switch (target.kind) {
    case 'certificate':
      return [gone('certificate', target.certificateId, at, reason)];
    case 'member':
      return [gone('member', target.memberId, at, reason)];
    case 'network':
      return [gone('network', target.networkId, at, reason)];
    case 'backbone-site':
      return site(target.siteId, at, reason);
    default:
      return assertNever(target);
  }
}
