import { RevocationConfirmed, RevocationEnforced, RevocationRequested } from '@caravan/events';
import type { EventOf, RevocationTarget } from '@caravan/events';
import { assertNever, defineProjection, on, setRow, updateRow } from '@caravan/event-store';
import type { SiteConfirmation } from './revocation.js';

export interface RevocationRow {
  id: string;
  targetKind: RevocationTarget['kind'];
  targetId: string;
  name: string;
  reason: EventOf<typeof RevocationRequested>['data']['reason'];
  /** Null: what it concerns is the API alone. */
  backboneId: string | null;
  networkId: string | null;
  status: 'requested' | 'enforced';
  confirmed: SiteConfirmation[];
  enforcedAt: string | null;
  createdAt: string;
  createdPosition: number;
}

export const revocationProjection = defineProjection<RevocationRow>({
  table: 'revocation',
  key: 'id',
  columns: {
    id: 'uuid',
    targetKind: 'text',
    targetId: 'uuid',
    name: 'text',
    reason: 'text',
    backboneId: 'uuid',
    networkId: 'uuid',
    status: 'text',
    confirmed: 'jsonb',
    enforcedAt: 'timestamptz',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(RevocationRequested, ({ data: { revocationId, target, name, reason } }, { at, position }) =>
      setRow<RevocationRow>({
        id: revocationId,
        targetKind: target.kind,
        targetId: targetIdOf(target),
        name,
        reason,
        backboneId: target.backboneId,
        networkId: networkIdOf(target),
        status: 'requested',
        confirmed: [],
        enforcedAt: null,
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(RevocationConfirmed, ({ data: { revocationId, sites } }) =>
      updateRow(revocationId, (row) => ({ ...row, confirmed: [...row.confirmed, ...sites] })),
    ),
    on(RevocationEnforced, ({ data: { revocationId, enforcedAt } }) =>
      updateRow(revocationId, (row) => ({ ...row, status: 'enforced' as const, enforcedAt })),
    ),
  ],
});

function targetIdOf(target: RevocationTarget): string {
  switch (target.kind) {
    case 'certificate':
      return target.certificateId;
    case 'member':
      return target.memberId;
    case 'network':
      return target.networkId;
    case 'backbone-site':
      return target.siteId;
    default:
      return assertNever(target);
  }
}

function networkIdOf(target: RevocationTarget): string | null {
  switch (target.kind) {
    case 'certificate':
      return 'networkId' in target.holder ? target.holder.networkId : null;
    case 'member':
    case 'network':
      return target.networkId;
    case 'backbone-site':
      return null;
    default:
      return assertNever(target);
  }
}
