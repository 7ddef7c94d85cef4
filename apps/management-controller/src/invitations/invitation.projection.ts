import { InvitationClaimed, InvitationDeleted, InvitationIssued, InvitationRevoked } from '@caravan/events';
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
  siteClasses: string[];
  claimAccessPoints: string[];
  memberAccessPoints: string[];
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
    siteClasses: 'jsonb',
    claimAccessPoints: 'jsonb',
    memberAccessPoints: 'jsonb',
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
        status: 'open',
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(InvitationClaimed, ({ data }) => updateRow(data.invitationId, (row) => ({ ...row, claims: row.claims + 1 }))),
    on(InvitationRevoked, ({ data }) =>
      updateRow<InvitationRow>(data.invitationId, (row) => ({ ...row, status: 'revoked' })),
    ),
    on(InvitationDeleted, ({ data }) => removeRow(data.invitationId)),
  ],
});
