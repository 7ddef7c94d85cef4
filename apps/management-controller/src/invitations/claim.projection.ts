import { ClaimDeclined, ClaimRequested, InvitationClaimed, InvitationMemberGone } from '@caravan/events';
import type { EventOf, SiteDetails } from '@caravan/events';
import { defineProjection, on, setRow, updateRow, upsertRow } from '@caravan/event-store';
import type { RecordedEvent } from '@caravan/event-store';
import type { Claim } from './claims.js';

/** Stays when the invitation is gone: who used it is what is remembered of it. */
export interface ClaimRow {
  /** That of the member that it led to, or would. */
  id: string;
  networkId: string;
  invitationId: string;
  name: string;
  status: Claim['status'];
  details: SiteDetails;
  claimantKey: string;
  decidedAt: string | null;
  /** Null where nobody had to decide. */
  decidedBy: string | null;
  createdAt: string;
  createdPosition: number;
}

type Claimed = EventOf<typeof ClaimRequested | typeof InvitationClaimed>['data'];
const rowOf = (
  { memberId, networkId, invitationId, memberName, claimantKey, details }: Claimed,
  { at, position }: Pick<RecordedEvent, 'at' | 'position'>,
): ClaimRow => ({
  ...{ id: memberId, networkId, invitationId, name: memberName, status: 'awaited', details, claimantKey },
  ...{ decidedAt: null, decidedBy: null, createdAt: at, createdPosition: position },
});

export const claimProjection = defineProjection<ClaimRow>({
  table: 'invitation_claim',
  key: 'id',
  columns: {
    id: 'uuid',
    networkId: 'uuid',
    invitationId: 'uuid',
    name: 'text',
    status: 'text',
    details: 'jsonb',
    claimantKey: 'text',
    decidedAt: 'timestamptz',
    decidedBy: 'text',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(ClaimRequested, ({ data }, recorded) => setRow(rowOf(data, recorded))),
    on(InvitationClaimed, ({ data }, recorded) =>
      upsertRow<ClaimRow>(data.memberId, (row) => ({
        ...(row ?? rowOf(data, recorded)),
        status: 'member',
        decidedAt: recorded.at,
        decidedBy: row ? recorded.metadata.actor.id : null,
      })),
    ),
    on(ClaimDeclined, ({ data }, { at, metadata }) =>
      updateRow<ClaimRow>(data.memberId, (row) => ({
        ...row,
        status: 'declined',
        decidedAt: at,
        decidedBy: metadata.actor.id,
      })),
    ),
    on(InvitationMemberGone, ({ data }) => updateRow<ClaimRow>(data.memberId, (row) => ({ ...row, status: 'gone' }))),
  ],
});
