import { describeCertificate, parseCertificate } from './certificate.js';
import type { ChainFailure } from './chain.js';
import { splitChain, verifyChain } from './chain.js';
import type { Place, Unfitness } from './fitness.js';
import { permitsNames, unfitnessOf } from './fitness.js';
import { PkiError } from './pki-error.js';
import { PROFILES } from './profiles.js';

/** An authority whose key is here, and whose certificate somebody else signed. */
export interface SignedElsewhere {
  readonly certificatePem: string;
  /** What stands between it and the root, nearest first; empty: the root signed it. */
  readonly intermediates: readonly string[];
}

/** What was asked for. */
export interface AskedFor extends Place {
  /** SHA-256 of the key that the request was made with. */
  readonly publicKeyFingerprint: string;
  /** PEM of the root that everything stands below. */
  readonly root: string;
  /** It may not last longer: the end of its network. */
  readonly until?: Date | undefined;
}

/** Another verdict than those on an authority alone. */
export interface Misplacement {
  readonly code: 'issuer.chain-broken' | 'issuer.path-too-long' | 'issuer.lasts-too-long';
  readonly says: string;
}

/**
 * Finds the answer to a request among the certificates of a PEM text, in whatever order they come.
 *
 * @throws PkiError `certificate.malformed`, `credential.incomplete` when none is for that key
 */
export function readSignedElsewhere(pem: string, { publicKeyFingerprint, root }: AskedFor): SignedElsewhere {
  const all = splitChain(pem);
  const certificatePem = all.find((each) => describeCertificate(each).publicKeyFingerprint === publicKeyFingerprint);
  if (certificatePem === undefined) {
    throw new PkiError('credential.incomplete', 'none of the certificates is for the key of the request');
  }
  const { fingerprint } = describeCertificate(root);
  const others = all.filter((each) => each !== certificatePem && describeCertificate(each).fingerprint !== fingerprint);
  return { certificatePem, intermediates: inOrder(certificatePem, others) };
}

/** Each by the subject that signed the one before; what stands above nobody is left out. */
function inOrder(certificatePem: string, others: readonly string[]): string[] {
  const left = new Set(others);
  const ordered: string[] = [];
  for (let top = describeCertificate(certificatePem); ;) {
    const next = [...left].find((each) => describeCertificate(each).subject === top.issuer);
    if (next === undefined) return ordered;
    left.delete(next);
    ordered.push(next);
    top = describeCertificate(next);
  }
}

/**
 * Everything that is wrong with what somebody signed for a place in the tree. Empty: it is fit.
 *
 * @throws PkiError `certificate.malformed`
 */
export function misplacementOf(signed: SignedElsewhere, asked: AskedFor): (Unfitness | Misplacement)[] {
  const own = unfitnessOf({ certificatePem: signed.certificatePem, privateKey: undefined }, asked);
  const isForTheKey = describeCertificate(signed.certificatePem).publicKeyFingerprint === asked.publicKeyFingerprint;
  return [
    ...own,
    ...(isForTheKey
      ? []
      : [{ code: 'issuer.key-mismatch', says: 'it is for another key than the request’s' } as const]),
    ...widthOf(signed, asked),
    ...durationOf(signed, asked),
    ...standingOf(signed, asked),
    ...namesOf(signed, asked),
  ];
}

/** What stands between limits the names below as the authority itself does. */
function* namesOf({ intermediates }: SignedElsewhere, asked: AskedFor): Iterable<Unfitness> {
  for (const above of intermediates.map(parseCertificate)) {
    const limited = permitsNames(above, asked);
    if (limited) yield { ...limited, says: `${above.facts.subject}, which stands above it: ${limited.says}` };
  }
}

/** Whoever signs leaves must be unable to make authorities: listeners trust it, and would trust those. */
function* widthOf({ certificatePem }: SignedElsewhere, { profile }: AskedFor): Iterable<Misplacement> {
  const { isCa, pathLength } = describeCertificate(certificatePem);
  if (!isCa || PROFILES[profile].pathLength > 0 || pathLength === 0) return;
  yield misplaced('issuer.path-too-long', 'it could make authorities below itself: make it with pathlen:0');
}

function* durationOf({ certificatePem, intermediates }: SignedElsewhere, asked: AskedFor): Iterable<Misplacement> {
  const { notAfter } = describeCertificate(certificatePem);
  for (const above of [...intermediates, asked.root].map(describeCertificate)) {
    if (notAfter <= above.notAfter) continue;
    yield misplaced('issuer.lasts-too-long', `it ends at ${notAfter}, after ${above.subject} (${above.notAfter})`);
  }
  if (asked.until && new Date(notAfter) > asked.until) {
    yield misplaced(
      'issuer.lasts-too-long',
      `it ends at ${notAfter}, after its network (${asked.until.toISOString()})`,
    );
  }
}

function* standingOf({ certificatePem, intermediates }: SignedElsewhere, asked: AskedFor): Iterable<Misplacement> {
  const found = verifyChain(certificatePem, intermediates, [asked.root], asked.now);
  if (!found.ok) {
    const { code, detail } = found;
    // Told already, in better words.
    if (OF_TIME.has(code) && detail === describeCertificate(certificatePem).subject) return;
    const says = `it does not stand below the root (${code}: ${detail}): bring what stands between too`;
    yield misplaced('issuer.chain-broken', says);
    return;
  }
  const below = PROFILES[asked.profile].pathLength;
  for (const [height, each] of found.chain.map(parseCertificate).entries()) {
    const { subject, pathLength = Infinity } = each.facts;
    if (height === 0 || pathLength >= below + height) continue;
    const says = `the path length of ${subject} is ${pathLength}, and ${below + height} authorities stand below it`;
    yield misplaced('issuer.chain-broken', says);
  }
}

const OF_TIME: ReadonlySet<ChainFailure> = new Set(['chain.expired', 'chain.not-yet-valid']);

const misplaced = (code: Misplacement['code'], says: string): Misplacement => ({ code, says });
