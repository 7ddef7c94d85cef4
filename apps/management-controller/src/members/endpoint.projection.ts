import {
  ConnectorChanged,
  ConnectorClosed,
  ConnectorOpened,
  ListenerChanged,
  ListenerClosed,
  ListenerOpened,
} from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';
import type { Endpoint } from './member.js';

export interface EndpointRow extends Endpoint {
  id: string;
  memberId: string;
  networkId: string;
  createdAt: string;
  createdPosition: number;
}

const columns = {
  id: 'uuid',
  memberId: 'uuid',
  networkId: 'uuid',
  address: 'text',
  host: 'text',
  port: 'int4',
  createdAt: 'timestamptz',
  createdPosition: 'int8',
} as const;

const changedTo = ({ address, host, port }: Endpoint) => ({ address, host, port });

export const listenerProjection = defineProjection<EndpointRow>({
  table: 'listener',
  key: 'id',
  columns,
  on: [
    on(ListenerOpened, ({ data: { listenerId, ...data } }, { at, position }) =>
      setRow<EndpointRow>({ id: listenerId, ...data, createdAt: at, createdPosition: position }),
    ),
    on(ListenerChanged, ({ data }) => updateRow(data.listenerId, (row) => ({ ...row, ...changedTo(data) }))),
    on(ListenerClosed, ({ data }) => removeRow(data.listenerId)),
  ],
});

export const connectorProjection = defineProjection<EndpointRow>({
  table: 'connector',
  key: 'id',
  columns,
  on: [
    on(ConnectorOpened, ({ data: { connectorId, ...data } }, { at, position }) =>
      setRow<EndpointRow>({ id: connectorId, ...data, createdAt: at, createdPosition: position }),
    ),
    on(ConnectorChanged, ({ data }) => updateRow(data.connectorId, (row) => ({ ...row, ...changedTo(data) }))),
    on(ConnectorClosed, ({ data }) => removeRow(data.connectorId)),
  ],
});
