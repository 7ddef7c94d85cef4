import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { MOST_SUPPLIED } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import type { SuppliedProof } from '@caravan/events';
import { describeCertificate, verifyChain } from '@caravan/pki';
import { fitOf, isRoot } from './material.js';
import type { Fit, Material } from './material.js';

/** What an operator supplies to prove the access points of a backbone site (seed 004: `skupper-site-server`). */
export interface SiteServer {
  readonly certificate: NonNullable<Fit['certificate']>;
  /** By which whoever dials is to judge it, up to its root. */
  readonly trust: readonly string[];
  /** The certificate items that it takes the place of: of access points whose host it names. */
  readonly inPlaceOf: ReadonlySet<string>;
}

/** Certificate item -> the hosts that it is to prove. */
export type Ends = ReadonlyMap<string, readonly string[]>;

/** Pure. */
export const endsOf = (items: readonly Item[]): Ends =>
  new Map(
    items.flatMap((item) =>
      item.kind === 'certificate' && item.purpose === 'access-point' ? [[item.id, item.hosts] as const] : [],
    ),
  );

/** What of it proves which access points; where it does not, the certificates that are issued to them do. Pure. */
export function siteServerOf(
  material: Material,
  ends: Ends,
  now: Date,
): { readonly server?: SiteServer; readonly problems: readonly string[] } {
  const { certificate, trust: given, problems } = fitOf(material, 'server', now);
  if (problems.length > 0 || !certificate) return { problems: or(problems, 'it has no tls.crt and tls.key') };
  const [leaf = '', ...above] = certificate.chain;
  const trust = given ?? certificate.chain.slice(-1).filter(isRoot);
  if (trust.length === 0) return { problems: ['it has no ca.crt: nobody could judge tls.crt'] };
  if (trust.length > MOST_SUPPLIED)
    return { problems: [`ca.crt: ${trust.length} authorities, and ${MOST_SUPPLIED} are told to other sites`] };
  const verified = verifyChain(leaf, above, trust, now);
  if (!verified.ok) return { problems: [`tls.crt does not lead to ca.crt: ${verified.code} (${verified.detail})`] };
  const all = [...ends].map(([id, hosts]) => ({ id, unnamed: hosts.filter((host) => !names(leaf, host)) }));
  const inPlaceOf = new Set(all.flatMap(({ id, unnamed }) => (unnamed.length === 0 ? [id] : [])));
  const unnamed = [...new Set(all.flatMap((end) => end.unnamed))];
  const { subject } = describeCertificate(leaf);
  const left = unnamed.length === 0 ? [] : [`tls.crt: ${subject} is not for ${unnamed.sort().join(', ')}`];
  return { ...(inPlaceOf.size > 0 && { server: { certificate, trust, inPlaceOf } }), problems: left };
}

/** As others are told of it. Pure. */
export function proofOf({ certificate, trust }: SiteServer): SuppliedProof {
  const { subject, fingerprint, notAfter } = describeCertificate(certificate.chain[0] ?? '');
  return { trust: [...trust], subject: subject.slice(0, 1024), fingerprint, notAfter };
}

const or = (problems: readonly string[], otherwise: string): readonly string[] =>
  problems.length > 0 ? problems : [otherwise];

/** By its alternative names alone (RFC 9525, 6.3), as who dials looks. */
function names(leaf: string, host: string): boolean {
  const certificate = new X509Certificate(leaf);
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return certificate.checkIP(bare) !== undefined;
  return certificate.checkHost(bare, { subject: 'never' }) !== undefined;
}
