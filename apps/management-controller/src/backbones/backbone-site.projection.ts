import {
  BackboneSiteAdded,
  BackboneSiteEnrolled,
  BackboneSiteLinkCertificatesSupplied,
  BackboneSiteProofSupplied,
  BackboneSiteProofWithdrawn,
  BackboneSiteRemoved,
  BackboneSiteRenamed,
  BootstrapRequested,
} from '@caravan/events';
import type { LinkCertificate, SuppliedProof } from '@caravan/events';
import { defineProjection, on, removeRow, setRow, updateRow } from '@caravan/event-store';

export interface BackboneSiteRow {
  id: string;
  backboneId: string;
  name: string;
  status: 'new' | 'bootstrapping' | 'enrolled';
  /** What its operator supplies to prove its access points. */
  proof: SuppliedProof | null;
  /** And for the links that it dials. */
  linkCertificates: LinkCertificate[];
  createdAt: string;
  createdPosition: number;
}

export const backboneSiteProjection = defineProjection<BackboneSiteRow>({
  table: 'backbone_site',
  key: 'id',
  columns: {
    id: 'uuid',
    backboneId: 'uuid',
    name: 'text',
    status: 'text',
    proof: 'jsonb',
    linkCertificates: 'jsonb',
    createdAt: 'timestamptz',
    createdPosition: 'int8',
  },
  on: [
    on(BackboneSiteAdded, ({ data }, { at, position }) =>
      setRow<BackboneSiteRow>({
        id: data.siteId,
        backboneId: data.backboneId,
        name: data.name,
        status: 'new',
        proof: null,
        linkCertificates: [],
        createdAt: at,
        createdPosition: position,
      }),
    ),
    on(BackboneSiteRenamed, ({ data }) => updateRow(data.siteId, (row) => ({ ...row, name: data.name }))),
    on(BackboneSiteRemoved, ({ data }) => removeRow(data.siteId)),
    on(BootstrapRequested, ({ data }) =>
      updateRow<BackboneSiteRow>(data.siteId, (row) =>
        row.status === 'new' ? { ...row, status: 'bootstrapping' } : row,
      ),
    ),
    on(BackboneSiteEnrolled, ({ data }) =>
      updateRow<BackboneSiteRow>(data.siteId, (row) => ({ ...row, status: 'enrolled' })),
    ),
    on(BackboneSiteProofSupplied, ({ data: { siteId, backboneId: _, ...proof } }) =>
      updateRow<BackboneSiteRow>(siteId, (row) => ({ ...row, proof })),
    ),
    on(BackboneSiteProofWithdrawn, ({ data }) =>
      updateRow<BackboneSiteRow>(data.siteId, (row) => ({ ...row, proof: null })),
    ),
    on(BackboneSiteLinkCertificatesSupplied, ({ data: { siteId, linkCertificates } }) =>
      updateRow<BackboneSiteRow>(siteId, (row) => ({ ...row, linkCertificates })),
    ),
  ],
});
