import { X509Certificate } from 'node:crypto';
import { MOST_OF_A_PIN, suppliedForLink } from '@caravan/data-plane';
import type { Item } from '@caravan/data-plane';
import { MOST_LINK_CERTIFICATES } from '@caravan/events';
import type { Report } from '@caravan/events';
import { describeCertificate, importPrivateKey, proveLinkKey } from '@caravan/pki';
import { fitOf } from './material.js';
import type { Fit, Material } from './material.js';

/** What an operator supplies for a link that the site dials (seed 004: the Secret that is named after the link). */
export interface LinkSupply {
  readonly certificate: NonNullable<Fit['certificate']>;
  /** SHA-256 (hex) of the leaf. */
  readonly fingerprint: string;
  /** As others are told of it. */
  readonly told: NonNullable<Report['linkCertificates']>[number];
}

export interface LinkSupplies {
  /** By link. */
  readonly links: ReadonlyMap<string, LinkSupply>;
  /** By the name under which it was supplied: why it is not of use. */
  readonly problems: ReadonlyMap<string, string>;
}

/** Link -> the name under which something may be supplied for it. Pure. */
export const linkNames = (items: readonly Item[]): ReadonlyMap<string, string> =>
  new Map(items.flatMap(({ kind, id }) => (kind === 'link' ? [[id, suppliedForLink(id)] as const] : [])));

/**
 * What of it can be shown on which links. What is there already and stays the same is kept as it is, with its proof: no two signatures
 * are alike.
 */
export function linkSupplies(
  supplied: ReadonlyMap<string, Material>,
  names: ReadonlyMap<string, string>,
  { siteId, before, now }: { readonly siteId: string; readonly before: LinkSupplies['links']; readonly now: Date },
): LinkSupplies {
  const links = new Map<string, LinkSupply>();
  const problems = new Map<string, string>();
  for (const [linkId, name] of names) {
    const material = supplied.get(name);
    if (!material) continue;
    const { certificate, problems: found } = fitOf(material, 'client', now);
    const problem = found.join('; ') || problemOf(certificate, links.size);
    if (problem !== undefined) problems.set(name, problem);
    else if (certificate) links.set(linkId, sameOr(before.get(linkId), certificate, { siteId, linkId }));
  }
  return { links, problems };
}

function problemOf(certificate: Fit['certificate'], already: number): string | undefined {
  if (!certificate) return 'it has no tls.crt and tls.key';
  const [leaf = ''] = certificate.chain;
  const { subject, isCa } = describeCertificate(leaf);
  if (isCa) return `tls.crt: ${subject} is an authority`;
  if (leaf.length > MOST_OF_A_PIN) return `tls.crt: more than ${MOST_OF_A_PIN} characters of one certificate`;
  return already < MOST_LINK_CERTIFICATES ? undefined : `${MOST_LINK_CERTIFICATES} links of a site may have their own`;
}

function sameOr(
  before: LinkSupply | undefined,
  certificate: LinkSupply['certificate'],
  { siteId, linkId }: { readonly siteId: string; readonly linkId: string },
): LinkSupply {
  const isSame = (one: LinkSupply['certificate']): boolean =>
    one.chain.join() === certificate.chain.join() && one.key.reveal() === certificate.key.reveal();
  if (before && isSame(before.certificate)) return before;
  // As the other end reads it in a handshake, so that equal certificates are equal strings.
  const leaf = new X509Certificate(certificate.chain[0]!).toString();
  const proof = proveLinkKey({ siteId, certificate: leaf }, importPrivateKey(certificate.key));
  const { fingerprint } = describeCertificate(leaf);
  return { certificate, fingerprint, told: { linkId, certificate: leaf, proof } };
}
