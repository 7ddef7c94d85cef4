import { LinkAdded, LinkCostChanged, LinkRemoved } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface LinkRow {
  id: string;
  backboneId: string;
  siteId: string;
  accessPointId: string;
  acceptingSiteId: string;
  cost: number;
  createdAt: string;
  createdPosition: number;
}

export const linkProjection = defineProjection<LinkRow>({
  table: 'link',
  key: 'id',
  columns: {
    id: 'uuid',
    backboneId: 'uuid',
    siteId: 'uuid',
    accessPointId: 'uuid',
    acceptingSiteId: 'uuid',
    cost: 'int4',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(LinkAdded, ({ data: { linkId, ...data } }, { at, position }) =>
      setRow<LinkRow>({ id: linkId, ...data, createdAt: at, createdPosition: position }),
    ),
    on(LinkCostChanged, ({ data }) => updateRow(data.linkId, (row) => ({ ...row, cost: data.cost }))),
    on(LinkRemoved, ({ data }) => removeRow(data.linkId)),
  ],
});
