import {
  AuthorityEstablished,
  NetworkCreated,
  NetworkDeleted,
  NetworkRescheduled,
  NetworkResumed,
  NetworkRevoked,
  NetworkSuspended,
} from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface NetworkRow {
  id: string;
  backboneId: string;
  name: string;
  startsAt: string;
  endsAt: string | null;
  /** Its claim and member authorities are established: credentials can be issued. */
  claimReady: boolean;
  memberReady: boolean;
  suspendedAt: string | null;
  revokedAt: string | null;
  createdAt: string;
  createdPosition: number;
}

export const networkProjection = defineProjection<NetworkRow>({
  table: 'network',
  key: 'id',
  columns: {
    id: 'uuid',
    backboneId: 'uuid',
    name: 'text',
    startsAt: 'timestamptz',
    endsAt: 'timestamptz',
    claimReady: 'bool',
    memberReady: 'bool',
    suspendedAt: 'timestamptz',
    revokedAt: 'timestamptz',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(NetworkCreated, ({ data: { networkId, ...data } }, { at, position }) =>
      setRow<NetworkRow>({
        id: networkId,
        ...data,
        claimReady: false,
        memberReady: false,
        suspendedAt: null,
        revokedAt: null,
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(NetworkRescheduled, ({ data: { networkId, startsAt, endsAt } }) =>
      updateRow(networkId, (row) => ({ ...row, startsAt, endsAt })),
    ),
    on(NetworkSuspended, ({ data }, { at }) => updateRow(data.networkId, (row) => ({ ...row, suspendedAt: at }))),
    on(NetworkResumed, ({ data }) => updateRow(data.networkId, (row) => ({ ...row, suspendedAt: null }))),
    on(NetworkRevoked, ({ data }, { at }) => updateRow(data.networkId, (row) => ({ ...row, revokedAt: at }))),
    on(NetworkDeleted, ({ data }) => removeRow(data.networkId)),
    on(AuthorityEstablished, ({ data: { kind, networkId } }) => {
      if (networkId === null) return [];
      if (kind === 'claim') return updateRow(networkId, (row) => ({ ...row, claimReady: true }));
      if (kind === 'member') return updateRow(networkId, (row) => ({ ...row, memberReady: true }));
      return [];
    }),
  ],
});
