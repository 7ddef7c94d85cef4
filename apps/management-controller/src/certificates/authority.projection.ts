import { AuthorityEstablished } from '@caravan/events';
import type { AuthorityKind } from '@caravan/events';
import { defineProjection, on, setRow } from '@caravan/event-store';

export interface AuthorityRow {
  id: string;
  kind: AuthorityKind;
  backboneId: string | null;
  networkId: string | null;
  ordinal: number;
  issuerId: string | null;
  subject: string;
  serial: string;
  fingerprint: string;
  notBefore: string;
  notAfter: string;
  certificate: string;
  createdPosition: number;
}

export const authorityProjection = defineProjection<AuthorityRow>({
  table: 'authority',
  key: 'id',
  columns: {
    id: 'uuid',
    kind: 'text',
    backboneId: 'uuid',
    networkId: 'uuid',
    ordinal: 'int4',
    issuerId: 'uuid',
    subject: 'text',
    serial: 'text',
    fingerprint: 'text',
    notBefore: 'timestamptz',
    notAfter: 'timestamptz',
    certificate: 'text',
    createdPosition: 'int8',
  },
  on: [
    on(
      AuthorityEstablished,
      ({ data: { authorityId, origin: _origin, intermediates: _above, ...data } }, { position }) =>
        setRow<AuthorityRow>({ id: authorityId, ...data, createdPosition: position }),
    ),
  ],
});
