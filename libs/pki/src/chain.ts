import type { ParsedCertificate } from './certificate.js';
import { parseCertificate } from './certificate.js';
import { oid, oidKey } from './der.js';
import type { TlsUsage } from './extensions.js';
import { isSupportedKey } from './keys.js';
import { judgeNames } from './name-constraints.js';
import { OID } from './oids.js';
import { decodePem, encodePem } from './pem.js';
import { PkiError } from './pki-error.js';
import { acceptedAlgorithm } from './signature.js';

export type ChainFailure =
  | 'chain.malformed'
  | 'chain.too-long'
  | 'chain.unknown-issuer'
  | 'chain.not-a-ca'
  | 'chain.bad-signature'
  | 'chain.not-yet-valid'
  | 'chain.expired'
  | 'chain.path-too-long'
  | 'chain.name-not-permitted'
  | 'chain.unsupported-extension'
  | 'chain.wrong-usage';

/** `chain`: from the certificate to its trust anchor, PEM. `detail`: the subject at which it failed, for people. */
export type ChainResult =
  | { readonly ok: true; readonly chain: readonly string[] }
  | { readonly ok: false; readonly code: ChainFailure; readonly detail: string };

/** The tree is four authorities high; foreign roots may stand on more. */
const MAX_LENGTH = 8;
const MAX_INTERMEDIATES = 16;
/** Certificates that sign each other in circles must not cost more than this many signature checks. */
const MAX_CHECKS = 64;

/** What a critical extension may be without making the certificate unusable here (RFC 5280, 4.2). */
const UNDERSTOOD = new Set(
  [OID.basicConstraints, OID.keyUsage, OID.extendedKeyUsage, OID.subjectAltName, OID.nameConstraints].map((id) =>
    oidKey(oid(id)),
  ),
);

/** The certificates of a PEM bundle, one text each, in order. Throws PkiError `certificate.malformed`. */
export function splitChain(pem: string): string[] {
  const blocks = decodePem('CERTIFICATE', pem);
  if (blocks === undefined || (blocks.length === 0 && pem.trim() !== '')) {
    throw new PkiError('certificate.malformed', 'a certificate of the bundle is damaged, or there is none');
  }
  return blocks.map((der) => encodePem('CERTIFICATE', der));
}

/**
 * Looks for a path from `leaf` to one of `trustAnchors` (RFC 5280, 6.1), all PEM. An anchor need not be a root: trust in the
 * lowest CA is how networks are kept apart. What was proven is `leaf`, and nothing is to be read from any other certificate.
 *
 * @param usage the leaf must have this extended key usage; any when left out
 */
export function verifyChain(
  leaf: string,
  intermediates: readonly string[],
  trustAnchors: readonly string[],
  now: Date,
  usage?: TlsUsage,
): ChainResult {
  if (intermediates.length > MAX_INTERMEDIATES) return failed('chain.too-long', 'more intermediates than any tree has');
  try {
    const first = parseCertificate(leaf);
    const anchors = trustAnchors.map(parseCertificate);
    const unfit = unfitness(first, now);
    if (unfit !== undefined) return failed(unfit, first.facts.subject);
    if (usage && !first.facts.usages.includes(usage)) return failed('chain.wrong-usage', first.facts.subject);
    const candidates = [...anchors, ...intermediates.map(parseCertificate)];
    return climb([first], { anchors, candidates, now, checksLeft: MAX_CHECKS });
  } catch (error) {
    if (error instanceof PkiError) return failed('chain.malformed', error.message);
    throw error;
  }
}

interface Search {
  readonly anchors: readonly ParsedCertificate[];
  /** Anchors first: the shortest path wins. */
  readonly candidates: readonly ParsedCertificate[];
  readonly now: Date;
  checksLeft: number;
}

function climb(path: readonly ParsedCertificate[], search: Search): ChainResult {
  const top = path.at(-1)!;
  if (search.anchors.some((anchor) => isSame(anchor, top))) return { ok: true, chain: path.map(({ pem }) => pem) };
  // The failure that is reported is the first that is more telling than "nobody signed this".
  let failure = failed('chain.unknown-issuer', top.facts.subject);
  for (const candidate of search.candidates) {
    if (path.some((member) => isSame(member, candidate)) || !namesIssuer(top, candidate)) continue;
    if (path.length === MAX_LENGTH || search.checksLeft === 0) return failed('chain.too-long', top.facts.subject);
    search.checksLeft -= 1;
    const refusal = refusalOf(candidate, path, search.now);
    const result = refusal ? failed(refusal, candidate.facts.subject) : climb([...path, candidate], search);
    if (result.ok) return result;
    if (failure.code === 'chain.unknown-issuer') failure = result;
  }
  return failure;
}

/** Why `issuer` cannot be the next step above `path`. */
function refusalOf(issuer: ParsedCertificate, path: readonly ParsedCertificate[], now: Date): ChainFailure | undefined {
  if (!issuer.facts.isCa) return 'chain.not-a-ca';
  if (!signs(issuer, path.at(-1)!)) return 'chain.bad-signature';
  // The last certificate of a path is never an intermediate; self-issued ones, from a key change, do not count.
  const below = path.slice(1).filter(({ facts }) => facts.subject !== facts.issuer).length;
  if (below > (issuer.facts.pathLength ?? Infinity)) return 'chain.path-too-long';
  return unfitness(issuer, now) ?? misnamed(issuer, path);
}

/** RFC 5280, 6.1.3 (b) and (c): whom the path names, but for the self-issued authorities in it. */
function misnamed(issuer: ParsedCertificate, path: readonly ParsedCertificate[]): ChainFailure | undefined {
  const { nameConstraints } = issuer;
  if (!nameConstraints) return undefined;
  const judged = path.filter(({ facts }, depth) => depth === 0 || facts.subject !== facts.issuer);
  const verdicts = judged.map(({ names }) => judgeNames(nameConstraints, names));
  if (verdicts.includes('not-understood')) return 'chain.unsupported-extension';
  return verdicts.includes('not-permitted') ? 'chain.name-not-permitted' : undefined;
}

function unfitness({ facts, extensions }: ParsedCertificate, now: Date): ChainFailure | undefined {
  if (extensions.some(({ critical, id }) => critical && !UNDERSTOOD.has(id))) return 'chain.unsupported-extension';
  if (now < new Date(facts.notBefore)) return 'chain.not-yet-valid';
  if (now > new Date(facts.notAfter)) return 'chain.expired';
  return undefined;
}

function signs(issuer: ParsedCertificate, subject: ParsedCertificate): boolean {
  try {
    const key = issuer.x509.publicKey;
    return isSupportedKey(key) && !!acceptedAlgorithm(subject.signatureAlgorithm, key) && subject.x509.verify(key);
  } catch {
    // A key of a type that OpenSSL does not know cannot have signed anything here.
    return false;
  }
}

const namesIssuer = (subject: ParsedCertificate, issuer: ParsedCertificate): boolean =>
  subject.facts.issuer === issuer.facts.subject;

const isSame = (one: ParsedCertificate, other: ParsedCertificate): boolean => one.x509.raw.equals(other.x509.raw);

const failed = (code: ChainFailure, detail: string): Extract<ChainResult, { ok: false }> => ({
  ok: false,
  code,
  detail,
});
