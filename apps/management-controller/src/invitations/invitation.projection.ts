import {
  ClaimDeclined,
  ClaimRequested,
  InvitationClaimed,
  InvitationDeleted,
  InvitationIssued,
  InvitationRevoked,
  JoinTokenIssued,
  JoinTokenWithdrawn,
} from '@caravan/events';
import type { Ask } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface InvitationRow {
  id: string;
  networkId: string;
  backboneId: string;
  name: string;
  namePrefix: string;
  deadline: string | null;
  instanceLimit: number | null;
  claims: number;
  /** Claims that nobody has decided on yet. */
  awaited: number;
  siteClasses: string[];
  claimAccessPoints: string[];
  memberAccessPoints: string[];
  approval: boolean;
  interactive: boolean;
  asks: Ask[];
  joinTokens: { id: string; createdAt: string }[];
  status: 'open' | 'revoked';
  createdAt: string;
  createdPosition: number;
}

export const invitationProjection = defineProjection<InvitationRow>({
  table: 'invitation',
  key: 'id',
  columns: {
    id: 'uuid',
    networkId: 'uuid',
    backboneId: 'uuid',
    name: 'text',
    namePrefix: 'text',
    deadline: 'timestamptz',
    instanceLimit: 'int4',
    claims: 'int4',
    awaited: 'int4',
    siteClasses: 'jsonb',
    claimAccessPoints: 'jsonb',
    memberAccessPoints: 'jsonb',
    approval: 'bool',
    interactive: 'bool',
    asks: 'jsonb',
    joinTokens: 'jsonb',
    status: 'text',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(InvitationIssued, ({ data: { invitationId, ...terms } }, { at, position }) =>
      setRow<InvitationRow>({
        id: invitationId,
        ...terms,
        claims: 0,
        awaited: 0,
        joinTokens: [],
        status: 'open',
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(ClaimRequested, ({ data }) => updateRow(data.invitationId, (row) => ({ ...row, awaited: row.awaited + 1 }))),
    on(ClaimDeclined, ({ data }) => updateRow(data.invitationId, (row) => ({ ...row, awaited: row.awaited - 1 }))),
    on(InvitationClaimed, ({ data }) =>
      updateRow<InvitationRow>(data.invitationId, (row) => ({
        ...row,
        claims: row.claims + 1,
        awaited: row.approval ? row.awaited - 1 : 0, // where approval is asked for, each was awaited before
      })),
    ),
    on(JoinTokenIssued, ({ data }, { at }) =>
      updateRow<InvitationRow>(data.invitationId, (row) => ({
        ...row,
        joinTokens: [...row.joinTokens, { id: data.joinTokenId, createdAt: at }],
      })),
    ),
    on(JoinTokenWithdrawn, ({ data }) =>
      updateRow<InvitationRow>(data.invitationId, (row) => ({
        ...row,
        joinTokens: row.joinTokens.filter(({ id }) => id !== data.joinTokenId),
      })),
    ),
    on(InvitationRevoked, ({ data }) =>
      updateRow<InvitationRow>(data.invitationId, (row) => ({ ...row, status: 'revoked' })),
    ),
    on(InvitationDeleted, ({ data }) => removeRow(data.invitationId)),
  ],
});
