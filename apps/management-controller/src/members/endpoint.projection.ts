import {
  ConnectorChanged,
  ConnectorClosed,
  ConnectorOpened,
  ListenerChanged,
  ListenerClosed,
  ListenerOpened,
} from '@caravan/events';
import type { ConnectorTls, ListenerTls } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';
import type { Endpoint } from './member.js';

export interface EndpointRow<Tls = ListenerTls | ConnectorTls> extends Endpoint {
  id: string;
  memberId: string;
  networkId: string;
  tls: Tls | null;
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
  tls: 'jsonb',
  createdAt: 'timestamptz',
  createdPosition: 'int8',
} as const;

const changedTo = <Tls>({ address, host, port, tls }: Endpoint & { readonly tls?: Tls }) => ({
  ...{ address, host, port },
  tls: tls ?? null,
});

export type ListenerRow = EndpointRow<ListenerTls>;
export type ConnectorRow = EndpointRow<ConnectorTls>;

export const listenerProjection = defineProjection<ListenerRow>({
  table: 'listener',
  key: 'id',
  columns,
  on: [
    on(ListenerOpened, ({ data: { listenerId, ...data } }, { at, position }) =>
      setRow<ListenerRow>({ id: listenerId, ...data, ...changedTo(data), createdAt: at, createdPosition: position }),
    ),
    on(ListenerChanged, ({ data }) => updateRow(data.listenerId, (row) => ({ ...row, ...changedTo(data) }))),
    on(ListenerClosed, ({ data }) => removeRow(data.listenerId)),
  ],
});

export const connectorProjection = defineProjection<ConnectorRow>({
  table: 'connector',
  key: 'id',
  columns,
  on: [
    on(ConnectorOpened, ({ data: { connectorId, ...data } }, { at, position }) =>
      setRow<ConnectorRow>({ id: connectorId, ...data, ...changedTo(data), createdAt: at, createdPosition: position }),
    ),
    on(ConnectorChanged, ({ data }) => updateRow(data.connectorId, (row) => ({ ...row, ...changedTo(data) }))),
    on(ConnectorClosed, ({ data }) => removeRow(data.connectorId)),
  ],
});
