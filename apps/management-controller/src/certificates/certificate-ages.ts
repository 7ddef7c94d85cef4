import { Injectable } from '@nestjs/common';
import type { CertificateItem } from '@caravan/data-plane';
import { Rejection } from '@caravan/event-store';
import { renewableFrom } from '@caravan/pki';
import { ReadModels } from '../read-models/read-models.js';
import type { CertificateRow } from './certificate.projection.js';

/** `ap-<access point>`, `manage-<backbone>`: router-config's ids. */
export const itemOwner = (itemId: string): string => itemId.slice(itemId.indexOf('-') + 1);

/**
 * Whether what a site holds is old enough to be renewed because of that. By the lists, which may be behind: it bounds how often a site
 * can have something signed, and whoever asks too early asks again.
 */
@Injectable()
export class CertificateAges {
  constructor(private readonly readModels: ReadModels) {}

  /** @throws Rejection `certificate.not-due` */
  async requireOld(siteId: string, item: CertificateItem, now: Date): Promise<void> {
    const held = await this.#held(siteId, item);
    const issuer = held && (await this.readModels.authorities.find({ id: held.issuerId }));
    const from = issuer && renewableFrom(held, issuer);
    if (from && from <= now) return;
    const when = from ? `It is renewed from ${from.toISOString()} on` : 'It would not last longer';
    throw new Rejection('certificate.not-due', {
      detail: `${item.id} with ordinal ${item.ordinal} is what this site is to hold. ${when}.`,
    });
  }

  async #held(siteId: string, { id, purpose, ordinal }: CertificateItem): Promise<CertificateRow | undefined> {
    const ownerId = itemOwner(id);
    const holderId = purpose === 'access-point' ? ownerId : siteId;
    const rows = await this.readModels.certificates.all({ holderId, ordinal });
    return rows.filter((row) => isOf(row, purpose, ownerId)).at(-1);
  }
}

function isOf({ holderKind, identity }: CertificateRow, purpose: CertificateItem['purpose'], ownerId: string): boolean {
  switch (purpose) {
    case 'site':
      return holderKind === 'member' || holderKind === 'backbone-site' || holderKind === 'management-site';
    case 'access-point':
      return holderKind === 'access-point';
    case 'manage-link': // one for each backbone, which only its identity names
      return holderKind === 'manage-link' && identity?.includes(`/${ownerId}/`) === true;
  }
}
