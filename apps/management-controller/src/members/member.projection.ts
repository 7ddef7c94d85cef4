import { CertificateIssued, MemberAdmitted, MemberLinkCertificatesSupplied, MemberRemoved } from '@caravan/events';
import type { LinkCertificate, SiteDetails } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface MemberRow {
  id: string;
  networkId: string;
  invitationId: string;
  name: string;
  siteClasses: string[];
  /** `joined`: its certificate is issued. */
  status: 'joining' | 'joined';
  /** What its operator supplies for its links. */
  linkCertificates: LinkCertificate[];
  /** What it said of itself when it joined. */
  details: SiteDetails;
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
    linkCertificates: 'jsonb',
    details: 'jsonb',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(
      MemberAdmitted,
      ({ data: { memberId, networkId, invitationId, name, siteClasses, details } }, { at, position }) =>
        setRow<MemberRow>({
          id: memberId,
          networkId,
          invitationId,
          name,
          siteClasses,
          status: 'joining',
          linkCertificates: [],
          details,
          createdAt: at,
          createdPosition: position,
        }),
    ),
    on(CertificateIssued, ({ data: { holder } }) =>
      holder.kind === 'member' ? updateRow<MemberRow>(holder.memberId, (row) => ({ ...row, status: 'joined' })) : [],
    ),
    on(MemberLinkCertificatesSupplied, ({ data: { memberId, linkCertificates } }) =>
      updateRow<MemberRow>(memberId, (row) => ({ ...row, linkCertificates })),
    ),
    on(MemberRemoved, ({ data }) => removeRow(data.memberId)),
  ],
});
