import { X509Certificate } from 'node:crypto';
import type { Recovery } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, isProvenByFormerKey, PkiError } from '@caravan/pki';
import type { CertificateRow } from '../certificates/certificate.projection.js';
import type { ReadModels } from '../read-models/read-models.js';

export interface RecoveryTerms {
  /** How long after a certificate is over its holder may ask by it; milliseconds. */
  readonly withinMs: number;
  readonly now: Date;
  /** Certificates that this very question was answered with: they are no newer ones than the asker's. */
  readonly answers: ReadonlySet<string>;
}

/**
 * The certificate that was issued here and whose key signed this request beside its own.
 *
 * @throws Rejection `recovery.not-proven`
 */
export async function formerCertificate(
  { certificate, proof }: Recovery,
  csr: string,
  { certificates }: Pick<ReadModels, 'certificates'>,
): Promise<CertificateRow> {
  const row = await issuedHere(certificate, certificates);
  if (isProvenByFormerKey(csr, proof, new X509Certificate(certificate).publicKey)) return row;
  const detail = 'It is not signed by the key of the certificate that it names.';
  throw new Rejection('recovery.not-proven', { detail });
}

/**
 * Its holder may come back with its key: it is the last that it had, was not revoked, and is not over for too long.
 *
 * @throws Rejection `recovery.superseded`, `recovery.too-late`, `certificate.revoked`
 */
export async function requireLast(
  { id, holderKind, holderId, ordinal, serial, notAfter }: CertificateRow,
  { certificates, revocations }: Pick<ReadModels, 'certificates' | 'revocations'>,
  { withinMs, now, answers }: RecoveryTerms,
): Promise<void> {
  for (const targetId of [id, ...answers]) {
    if (await revocations.find({ targetId })) throw new Rejection('certificate.revoked', { serial });
  }
  const all = await certificates.all({ holderKind, holderId });
  const newest = Math.max(...all.filter((each) => !answers.has(each.id)).map((each) => each.ordinal));
  if (ordinal < newest) {
    const detail = `This site was given a newer certificate, of ordinal ${newest}. Whoever has that asks by it.`;
    throw new Rejection('recovery.superseded', { detail, ordinal: newest });
  }
  requireInTime(notAfter, { withinMs, now });
}

/** @throws Rejection `recovery.too-late` */
export function requireInTime(notAfter: string, { withinMs, now }: Pick<RecoveryTerms, 'withinMs' | 'now'>): void {
  const until = new Date(Date.parse(notAfter) + withinMs);
  if (now <= until) return;
  const detail = `Its certificate was over at ${notAfter}, and it could be renewed until ${until.toISOString()}. It joins anew, as another site.`;
  throw new Rejection('recovery.too-late', { detail });
}

/** By its fingerprint: what is found so was signed here, and its key is the one that it names. */
async function issuedHere(pem: string, certificates: ReadModels['certificates']): Promise<CertificateRow> {
  try {
    const { fingerprint } = describeCertificate(pem);
    const row = await certificates.find({ fingerprint });
    if (row) return row;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  throw new Rejection('recovery.not-proven', { detail: 'The certificate that it names was not issued here.' });
}
