import { AuthorityCertificateBrought, AuthorityEstablished, AuthorityRequested } from '@caravan/events';
import type { EventOf } from '@caravan/events';
import { defineProjection, on, setRow, updateRow } from '@caravan/event-store';

type Requested = EventOf<typeof AuthorityRequested>['data'];

export interface AuthorityRequestRow extends Omit<Requested, 'authorityId'> {
  id: string;
  status: 'asked' | 'brought' | 'established';
  createdAt: string;
  createdPosition: number;
}

export const authorityRequestProjection = defineProjection<AuthorityRequestRow>({
  table: 'authority_request',
  key: 'id',
  columns: {
    id: 'uuid',
    kind: 'text',
    backboneId: 'uuid',
    networkId: 'uuid',
    ordinal: 'int4',
    rootId: 'uuid',
    issuer: 'text',
    status: 'text',
    csr: 'text',
    subject: 'text',
    publicKeyFingerprint: 'text',
    pathLength: 'int4',
    until: 'timestamptz',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(AuthorityRequested, ({ data: { authorityId, ...data } }, { at, position }) =>
      setRow<AuthorityRequestRow>({
        id: authorityId,
        ...data,
        status: 'asked',
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(AuthorityCertificateBrought, ({ data }) =>
      updateRow(data.authorityId, (row) => ({ ...row, status: 'brought' as const })),
    ),
    on(AuthorityEstablished, ({ data }) =>
      updateRow(data.authorityId, (row) => ({ ...row, status: 'established' as const })),
    ),
  ],
});
