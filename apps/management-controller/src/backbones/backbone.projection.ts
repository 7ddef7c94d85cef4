import { AuthorityEstablished, BackboneCreated, BackboneDeleted, BackboneRenamed } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface BackboneRow {
  id: string;
  name: string;
  /** Its infrastructure authority is established: sites can be set up. */
  ready: boolean;
  createdAt: string;
  createdPosition: number;
}

export const backboneProjection = defineProjection<BackboneRow>({
  table: 'backbone',
  key: 'id',
  columns: { id: 'uuid', name: 'text', ready: 'bool', createdAt: 'timestamptz', createdPosition: 'int8' },
  on: [
    on(BackboneCreated, ({ data }, { at, position }) =>
      setRow<BackboneRow>({
        id: data.backboneId,
        name: data.name,
        ready: false,
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(BackboneRenamed, ({ data }) => updateRow(data.backboneId, (row) => ({ ...row, name: data.name }))),
    on(BackboneDeleted, ({ data }) => removeRow(data.backboneId)),
    on(AuthorityEstablished, ({ data }) =>
      data.kind === 'infrastructure' && data.backboneId !== null
        ? updateRow(data.backboneId, (row) => ({ ...row, ready: true }))
        : [],
    ),
  ],
});
