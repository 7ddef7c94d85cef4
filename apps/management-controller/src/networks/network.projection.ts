import {
  AuthorityEstablished,
  NetworkCreated,
  NetworkDeleted,
  NetworkEnded,
  NetworkRescheduled,
  NetworkResumed,
  NetworkRevoked,
  NetworkSuspended,
} from '@caravan/events';
import { defineProjection, on, setRow, updateRow } from '@caravan/event-store';

export interface NetworkRow {
  id: string;
  backboneId: string;
  name: string;
  startsAt: string;
  endsAt: string | null;
  deleteAfterSeconds: number;
  /** Its claim and member authorities are established: credentials can be issued. */
  claimReady: boolean;
  memberReady: boolean;
  suspendedAt: string | null;
  /** When the log was told that its end is past. */
  endedAt: string | null;
  revokedAt: string | null;
  /** What it was can still be looked at: it is history. */
  deletedAt: string | null;
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
    deleteAfterSeconds: 'int4',
    claimReady: 'bool',
    memberReady: 'bool',
    suspendedAt: 'timestamptz',
    endedAt: 'timestamptz',
    revokedAt: 'timestamptz',
    deletedAt: 'timestamptz',
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
        endedAt: null,
        revokedAt: null,
        deletedAt: null,
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(NetworkRescheduled, ({ data: { networkId, startsAt, endsAt, deleteAfterSeconds } }) =>
      updateRow(networkId, (row) => ({ ...row, startsAt, endsAt, deleteAfterSeconds })),
    ),
    on(NetworkSuspended, ({ data }, { at }) => updateRow(data.networkId, (row) => ({ ...row, suspendedAt: at }))),
    on(NetworkResumed, ({ data }) => updateRow(data.networkId, (row) => ({ ...row, suspendedAt: null }))),
    on(NetworkRevoked, ({ data }, { at }) => updateRow(data.networkId, (row) => ({ ...row, revokedAt: at }))),
    on(NetworkEnded, ({ data }, { at }) => updateRow(data.networkId, (row) => ({ ...row, endedAt: at }))),
    on(NetworkDeleted, ({ data }, { at }) => updateRow(data.networkId, (row) => ({ ...row, deletedAt: at }))),
    on(AuthorityEstablished, ({ data: { kind, networkId } }) => {
      if (networkId === null) return [];
      if (kind === 'claim') return updateRow(networkId, (row) => ({ ...row, claimReady: true }));
      if (kind === 'member') return updateRow(networkId, (row) => ({ ...row, memberReady: true }));
      return [];
    }),
  ],
});
