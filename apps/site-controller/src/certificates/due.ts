import type { CertificateItem } from '@caravan/data-plane';
import { SITE_CERTIFICATE } from '@caravan/data-plane';
import { describeCertificate, renewalTime } from '@caravan/pki';
import type { CertificateRecord } from './certificate-record.js';
import { nextFor } from './certificate-record.js';

/** A certificate that is to be asked for now. */
export type Due = Pick<CertificateItem, 'id' | 'ordinal'>;

export interface ToObtain {
  readonly due: readonly Due[];
  /** When the next one will be old enough; undefined: none ever will. */
  readonly nextAt: Date | undefined;
}

/**
 * What is to be asked for: what items want and is not held, and the next of each that has grown old. What a site is known by has no
 * item before its second ordinal. Pure.
 */
export function toObtain(
  items: readonly CertificateItem[],
  recordOf: (id: string) => CertificateRecord | undefined,
  { now }: { readonly now: Date },
): ToObtain {
  const due: Due[] = [];
  const later: Date[] = [];
  const own = items.some(({ id }) => id === SITE_CERTIFICATE) ? [] : [{ id: SITE_CERTIFICATE, ordinal: 1 }];
  for (const item of [...items, ...own]) {
    const record = recordOf(item.id);
    if (nextFor(item, record) !== 'nothing') {
      due.push(item);
      continue;
    }
    const renewal = record && renewalOf(record);
    if (!renewal) continue;
    if (renewal.at <= now) due.push({ id: item.id, ordinal: renewal.ordinal });
    else later.push(renewal.at);
  }
  const nextAt = later.sort((one, other) => one.getTime() - other.getTime())[0];
  return { due, nextAt };
}

function renewalOf({ held }: CertificateRecord): { readonly ordinal: number; readonly at: Date } | undefined {
  const [leaf, issuer] = held?.chain ?? [];
  if (!held || leaf === undefined || issuer === undefined) return undefined;
  const own = describeCertificate(leaf);
  const at = renewalTime(own, describeCertificate(issuer), own.publicKeyFingerprint);
  return at && { ordinal: held.ordinal + 1, at };
}
