import type { CertificateItem } from '@caravan/data-plane';
import { describeCertificate, importPrivateKey, publicKeyFingerprint, verifyChain } from '@caravan/pki';
import type { Secret } from '@caravan/pki';

/** A certificate with its key. `chain`: leaf first, PEM. */
export interface HeldCertificate {
  readonly ordinal: number;
  readonly chain: readonly string[];
  readonly key: Secret<string>;
}

/** A key of ours that a certificate is asked for; the same request each time, so that it has one answer. */
export interface KeyRequest {
  readonly ordinal: number;
  readonly key: Secret<string>;
  readonly csr: string;
}

/** What a site knows of one certificate. While it rotates it has both: the old one serves until the new one is there. */
export interface CertificateRecord {
  readonly id: string;
  readonly held?: HeldCertificate;
  readonly requested?: KeyRequest;
}

export type NextForCertificate = 'nothing' | 'make-key' | 'ask';

/** What is to be done so that the item's ordinal is held. */
export function nextFor(item: Pick<CertificateItem, 'ordinal'>, record?: CertificateRecord): NextForCertificate {
  if (record?.held && record.held.ordinal >= item.ordinal) return 'nothing';
  return record?.requested?.ordinal === item.ordinal ? 'ask' : 'make-key';
}

/** The answer to a request is not a certificate that this site can use. Nothing was installed. */
export class UnusableCertificate extends Error {
  override readonly name = 'UnusableCertificate';
  readonly code = 'certificate.unusable';
}

/**
 * The record once `chain` has answered its request. The key is compared, so that no mix-up makes the site present a
 * certificate that it cannot prove; the chain is verified within itself, since a damaged one would be refused everywhere.
 *
 * @throws UnusableCertificate, PkiError `certificate.malformed`
 */
export function installed(
  record: CertificateRecord,
  ordinal: number,
  chain: readonly string[],
  now: Date,
): CertificateRecord {
  const { id, requested } = record;
  if (requested?.ordinal !== ordinal) throw new UnusableCertificate(`nothing of ordinal ${ordinal} was asked for`);
  const [leaf = '', ...above] = chain;
  const ours = publicKeyFingerprint(importPrivateKey(requested.key));
  if (describeCertificate(leaf).publicKeyFingerprint !== ours) {
    throw new UnusableCertificate(`the certificate "${id}" is for another key than the one that it was asked for with`);
  }
  const verified = verifyChain(leaf, above, [above.at(-1) ?? leaf], now);
  if (!verified.ok) {
    const clock = verified.code === 'chain.not-yet-valid' || verified.code === 'chain.expired';
    const remedy = clock ? `; the clock of this machine says ${now.toISOString()}` : '';
    throw new UnusableCertificate(`the chain of "${id}" does not hold: ${verified.code} (${verified.detail})${remedy}`);
  }
  return { id, held: { ordinal, chain, key: requested.key } };
}
