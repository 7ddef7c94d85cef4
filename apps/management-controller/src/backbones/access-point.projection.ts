import { AccessPointAdded, AccessPointAddressed, AccessPointRemoved } from '@caravan/events';
import type { AccessKind } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface AccessPointRow {
  id: string;
  backboneId: string;
  siteId: string;
  name: string;
  kind: AccessKind;
  bindHost: string;
  bindPort: number;
  host: string | null;
  port: number | null;
  createdAt: string;
  createdPosition: number;
}

export const accessPointProjection = defineProjection<AccessPointRow>({
  table: 'access_point',
  key: 'id',
  columns: {
    id: 'uuid',
    backboneId: 'uuid',
    siteId: 'uuid',
    name: 'text',
    kind: 'text',
    bindHost: 'text',
    bindPort: 'int4',
    host: 'text',
    port: 'int4',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(AccessPointAdded, ({ data: { accessPointId, ...data } }, { at, position }) =>
      setRow<AccessPointRow>({ id: accessPointId, ...data, createdAt: at, createdPosition: position }),
    ),
    on(AccessPointAddressed, ({ data: { accessPointId, host, port } }) =>
      updateRow(accessPointId, (row) => ({ ...row, host, port })),
    ),
    on(AccessPointRemoved, ({ data }) => removeRow(data.accessPointId)),
  ],
});
