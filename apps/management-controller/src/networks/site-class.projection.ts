import { SiteClassAdded, SiteClassRemoved } from '@caravan/events';
import { defineProjection, on, removeRow, setRow } from '@caravan/event-store';

export interface SiteClassRow {
  id: string;
  networkId: string;
  name: string;
  createdAt: string;
  createdPosition: number;
}

export const siteClassProjection = defineProjection<SiteClassRow>({
  table: 'site_class',
  key: 'id',
  columns: { id: 'uuid', networkId: 'uuid', name: 'text', createdAt: 'timestamptz', createdPosition: 'int8' },
  on: [
    on(SiteClassAdded, ({ data: { siteClassId, ...data } }, { at, position }) =>
      setRow<SiteClassRow>({ id: siteClassId, ...data, createdAt: at, createdPosition: position }),
    ),
    on(SiteClassRemoved, ({ data }) => removeRow(data.siteClassId)),
  ],
});
