import {
  RotationAdvanced,
  RotationBegun,
  RotationFinished,
  RotationPatienceChanged,
  RotationPaused,
  RotationResumed,
} from '@caravan/events';
import type { EventOf, RotationOwner, RotationPhase } from '@caravan/events';
import { defineProjection, on, setRow, updateRow } from '@caravan/event-store';

export interface RotationRow {
  id: string;
  ownerId: string;
  ownerKind: RotationOwner['kind'];
  backboneId: string | null;
  networkId: string | null;
  ordinal: number;
  status: 'running' | 'paused' | 'finished';
  phase: RotationPhase;
  phaseSince: string;
  cause: EventOf<typeof RotationBegun>['data']['cause'];
  patienceSeconds: number | null;
  confirmed: number;
  without: number;
  finishedAt: string | null;
  createdAt: string;
  createdPosition: number;
}

export const rotationProjection = defineProjection<RotationRow>({
  table: 'rotation',
  key: 'id',
  columns: {
    id: 'uuid',
    ownerId: 'uuid',
    ownerKind: 'text',
    backboneId: 'uuid',
    networkId: 'uuid',
    ordinal: 'int4',
    status: 'text',
    phase: 'text',
    phaseSince: 'timestamptz',
    cause: 'text',
    patienceSeconds: 'int4',
    confirmed: 'int4',
    without: 'int4',
    finishedAt: 'timestamptz',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(RotationBegun, ({ data: { rotationId, owner, ...data } }, { at, position }) =>
      setRow<RotationRow>({
        id: rotationId,
        ...data,
        ownerKind: owner.kind,
        backboneId: owner.kind === 'installation' ? null : owner.backboneId,
        networkId: owner.kind === 'network' ? owner.networkId : null,
        status: 'running',
        phase: 'trust',
        phaseSince: at,
        confirmed: 0,
        without: 0,
        finishedAt: null,
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(RotationAdvanced, ({ data: { rotationId, phase, confirmed, without } }, { at }) =>
      updateRow(rotationId, (row) => ({ ...row, phase, phaseSince: at, confirmed, without: row.without + without })),
    ),
    on(RotationPatienceChanged, ({ data: { rotationId, patienceSeconds } }) =>
      updateRow(rotationId, (row) => ({ ...row, patienceSeconds })),
    ),
    on(RotationPaused, ({ data }) => updateRow(data.rotationId, (row) => ({ ...row, status: 'paused' as const }))),
    on(RotationResumed, ({ data }) => updateRow(data.rotationId, (row) => ({ ...row, status: 'running' as const }))),
    on(RotationFinished, ({ data: { rotationId, confirmed, without } }, { at }) =>
      updateRow(rotationId, (row) => ({
        ...row,
        status: 'finished' as const,
        confirmed,
        without: row.without + without,
        finishedAt: at,
      })),
    ),
  ],
});
