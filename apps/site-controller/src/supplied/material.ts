import { X509Certificate } from 'node:crypto';
import { MOST_CHAIN, MOST_PEM, MOST_TRUSTED } from '@caravan/data-plane';
import {
  describeCertificate,
  exportPrivateKey,
  importPrivateKey,
  PkiError,
  publicKeyFingerprint,
  signsHandshakes,
  splitChain,
  verifyChain,
} from '@caravan/pki';
import type { Secret } from '@caravan/pki';

/** What lies in a directory of somebody who supplies certificates, as the files of a Kubernetes TLS Secret are named. All of it PEM. */
export interface Material {
  /** `tls.crt`, the leaf first. */
  readonly certificate?: string;
  /** `tls.key` */
  readonly key?: Secret<string>;
  /** `ca.crt` */
  readonly trust?: string;
  /** What could not be read, in words. */
  readonly unreadable?: string;
}

/** Of an authority: that it can sign. */
export type Use = 'server' | 'client' | 'authority';

export interface Fit {
  readonly certificate?: { readonly chain: readonly string[]; readonly key: Secret<string> };
  readonly trust?: readonly string[];
  /** Everything that does not fit, in words for whoever supplied it; that part is not used, and nothing else in its place. */
  readonly problems: readonly string[];
}

/** What of it can be used, and what not. Pure. */
export function fitOf({ certificate, key, trust, unreadable }: Material, use: Use, now: Date): Fit {
  const problems: string[] = unreadable === undefined ? [] : [unreadable];
  const trusted = trust === undefined ? undefined : attempt(problems, 'ca.crt', () => authoritiesIn(trust));
  if (certificate === undefined && key === undefined) return { ...(trusted && { trust: trusted }), problems };
  const pair = attempt(problems, 'tls.crt and tls.key', () => pairOf(certificate, key, use, now));
  return { ...(pair && { certificate: pair }), ...(trusted && { trust: trusted }), problems };
}

class Unfit extends Error {}

function attempt<T>(problems: string[], what: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Unfit) && !(error instanceof PkiError)) throw error;
    problems.push(`${what}: ${error.message}`);
    return undefined;
  }
}

function authoritiesIn(pem: string): string[] {
  const all = splitChain(pem);
  if (all.length === 0) throw new Unfit('it is empty');
  if (all.length > MOST_TRUSTED) throw new Unfit(`${all.length} authorities, and ${MOST_TRUSTED} may be trusted`);
  const facts = all.map(describeCertificate);
  const other = facts.find(({ isCa }) => !isCa);
  if (other) throw new Unfit(`${other.subject} is not an authority`);
  requireRoots(facts);
  return all.map(short);
}

function pairOf(certificate: string | undefined, key: Secret<string> | undefined, use: Use, now: Date) {
  if (certificate === undefined || key === undefined) {
    throw new Unfit(`there is only one of both: ${certificate === undefined ? 'tls.crt' : 'tls.key'} is missing`);
  }
  const chain = splitChain(certificate).map(short);
  if (chain.join('\n').length > MOST_CHAIN) throw new Unfit(`more than ${MOST_CHAIN} characters of certificates`);
  const [leaf, ...above] = chain;
  if (leaf === undefined) throw new Unfit('there is no certificate in tls.crt');
  const facts = describeCertificate(leaf);
  const own = importPrivateKey(key);
  if (publicKeyFingerprint(own) !== facts.publicKeyFingerprint) {
    throw new Unfit(`the key is not that of ${facts.subject}, the first certificate of tls.crt`);
  }
  const verified = verifyChain(leaf, above, [above.at(-1) ?? leaf], now);
  if (!verified.ok) throw new Unfit(`the chain does not hold: ${verified.code} (${verified.detail})`);
  requireUse(leaf, facts, use);
  // What else is in the file is nobody's business.
  return { chain, key: exportPrivateKey(own) };
}

function short(pem: string): string {
  if (pem.length <= MOST_PEM) return pem;
  throw new Unfit(`a certificate of ${pem.length} characters, and ${MOST_PEM} are taken`);
}

type Facts = ReturnType<typeof describeCertificate>;

export function isRoot(pem: string): boolean {
  const { subject, issuer } = describeCertificate(pem);
  return subject === issuer;
}

/** Trust that ends below a root is none to most programs. */
function requireRoots(authorities: readonly Facts[]): void {
  const subjects = new Set(authorities.map(({ subject }) => subject));
  const loose = authorities.find(({ issuer }) => !subjects.has(issuer));
  if (loose) throw new Unfit(`${loose.subject} is no root: add ${loose.issuer}, which signed it`);
}

/** A certificate that says nothing of its extended usages may be used for all of them (RFC 5280, 4.2.1.12). */
function requireUse(leaf: string, { subject, isCa, usages }: Facts, use: Use): void {
  if (use === 'authority') {
    if (!isCa) throw new Unfit(`${subject} is not an authority: its basicConstraints need CA:TRUE`);
    return;
  }
  const saysNothing = new X509Certificate(leaf).keyUsage === undefined; // Node's name for the extended ones
  if (!saysNothing && !usages.includes(use))
    throw new Unfit(`${subject} may not be used as a ${use}: extendedKeyUsage`);
  if (!signsHandshakes(leaf))
    throw new Unfit(
      `${subject} may not be used as a ${use}: its keyUsage lacks digitalSignature${isCa ? ', as it is an authority' : ''}`,
    );
}
