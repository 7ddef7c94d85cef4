import { X509Certificate } from 'node:crypto';
import type { Recovery } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { describeCertificate, isProvenByFormerKey, PkiError } from '@caravan/pki';
import type { CertificateRow } from '../certificates/certificate.projection.js';
import type { ReadModels } from '../read-models/read-models.js';

export interface FormerMember {
  readonly memberId: string;
  readonly name: string;
  /** Of what it was known by last. */
  readonly ordinal: number;
}

export interface RecoveryTerms {
  /** How long after a certificate is over its holder may ask by it; milliseconds. */
  readonly withinMs: number;
  readonly now: Date;
  /** Of the network that the invitation is for. */
  readonly networkId: string;
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
 * Who may come back with the key of a certificate that is over: a member that is there, of that network, and it is the last that it had.
 *
 * @throws Rejection `recovery.superseded`, `recovery.too-late`, `member.unknown`, `certificate.revoked`
 */
export async function formerMember(
  row: CertificateRow,
  { certificates, members, revocations }: Pick<ReadModels, 'certificates' | 'members' | 'revocations'>,
  { withinMs, now, networkId, answers }: RecoveryTerms,
): Promise<FormerMember> {
  const { holderId: memberId, ordinal, notAfter } = row;
  const member = row.holderKind === 'member' ? await members.find({ id: memberId, networkId }) : null;
  // Also one of another network: it learns not even that it exists.
  if (!member) throw new Rejection('member.unknown', { memberId });
  for (const targetId of [row.id, ...answers]) {
    if (await revocations.find({ targetId })) throw new Rejection('certificate.revoked', { serial: row.serial });
  }
  const all = await certificates.all({ holderKind: 'member', holderId: memberId });
  const others = all.filter(({ id }) => !answers.has(id));
  const newest = Math.max(...others.map((each) => each.ordinal));
  if (ordinal < newest) {
    const detail = `This site was given a newer certificate, of ordinal ${newest}. Whoever has that asks by it.`;
    throw new Rejection('recovery.superseded', { detail, ordinal: newest });
  }
  const until = new Date(Date.parse(notAfter) + withinMs);
  if (now > until) {
    const detail = `Its certificate was over at ${notAfter}, and it could be renewed until ${until.toISOString()}. Join anew, in another folder.`;
    throw new Rejection('recovery.too-late', { detail });
  }
  return { memberId, name: member.name, ordinal };
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
