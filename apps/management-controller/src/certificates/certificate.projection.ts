import { CertificateIssued } from '@caravan/events';
import type { Holder } from '@caravan/events';
import { assertNever, defineProjection, on, setRow } from '@caravan/event-store';

/** Metadata only: who needs the certificate itself reads its stream. */
export interface CertificateRow {
  id: string;
  holderKind: Holder['kind'];
  holderId: string;
  identity: string | null;
  hosts: string[];
  ordinal: number;
  issuerId: string;
  subject: string;
  serial: string;
  fingerprint: string;
  notBefore: string;
  notAfter: string;
  createdPosition: number;
}

export const certificateProjection = defineProjection<CertificateRow>({
  table: 'certificate',
  key: 'id',
  columns: {
    id: 'uuid',
    holderKind: 'text',
    holderId: 'text',
    identity: 'text',
    hosts: 'jsonb',
    ordinal: 'int4',
    issuerId: 'uuid',
    subject: 'text',
    serial: 'text',
    fingerprint: 'text',
    notBefore: 'timestamptz',
    notAfter: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(CertificateIssued, ({ data }, { position }) =>
      setRow<CertificateRow>({
        id: data.certificateId,
        holderKind: data.holder.kind,
        holderId: holderId(data.holder),
        identity: data.identity,
        hosts: data.hosts,
        ordinal: data.ordinal,
        issuerId: data.issuerId,
        subject: data.subject,
        serial: data.serial,
        fingerprint: data.fingerprint,
        notBefore: data.notBefore,
        notAfter: data.notAfter,
        createdPosition: position,
      }),
    ),
  ],
});

function holderId(holder: Holder): string {
  switch (holder.kind) {
    case 'nats-server':
    case 'api-server':
      return holder.kind;
    case 'service':
    case 'administrator':
      return holder.name;
    case 'management-site':
    case 'manage-link':
    case 'bootstrap':
    case 'backbone-site':
      return holder.siteId;
    case 'access-point':
      return holder.accessPointId;
    case 'claim':
      return holder.invitationId;
    case 'member':
      return holder.memberId;
    default:
      return assertNever(holder);
  }
}
