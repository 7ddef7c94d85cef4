import { AuthorityEstablished, NetworkCreated, NetworkDeleted, NetworkRevoked } from '@caravan/events';
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
        revokedAt: null,
        createdAt: at,
        createdPosition: position,
      }),
    ),
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
