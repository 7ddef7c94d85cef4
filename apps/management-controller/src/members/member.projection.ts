import { CertificateIssued, MemberAdmitted, MemberRemoved } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface MemberRow {
  id: string;
  networkId: string;
  invitationId: string;
  name: string;
  siteClasses: string[];
  /** `joined`: its certificate is issued. */
  status: 'joining' | 'joined';
  createdAt: string;
  createdPosition: number;
}

export const memberProjection = defineProjection<MemberRow>({
  table: 'member',
  key: 'id',
  columns: {
    id: 'uuid',
    networkId: 'uuid',
    invitationId: 'uuid',
    name: 'text',
    siteClasses: 'jsonb',
    status: 'text',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(MemberAdmitted, ({ data: { memberId, networkId, invitationId, name, siteClasses } }, { at, position }) =>
      setRow<MemberRow>({
        id: memberId,
        networkId,
        invitationId,
        name,
        siteClasses,
        status: 'joining',
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(CertificateIssued, ({ data: { holder } }) =>
      holder.kind === 'member' ? updateRow<MemberRow>(holder.memberId, (row) => ({ ...row, status: 'joined' })) : [],
    ),
    on(MemberRemoved, ({ data }) => removeRow(data.memberId)),
  ],
});
