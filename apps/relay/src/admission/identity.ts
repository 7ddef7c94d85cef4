/** A segment of a SPIFFE path (SPIFFE-ID, 2.2): no escapes, never relative, so that equal strings are equal identities. */
const SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/;

/**
 * Whether `identity` is what an admission asks for. A trailing `/*` stands for exactly one segment: a member's pattern must
 * not match something below a member, nor its parent.
 */
export function matchesPattern(pattern: string, identity: string): boolean {
  if (!pattern.endsWith('/*')) return pattern === identity;
  const prefix = pattern.slice(0, -1);
  return identity.startsWith(prefix) && SEGMENT.test(identity.slice(prefix.length));
}

export type Verdict = { readonly admitted: true; readonly identity: string } | Refused;
export interface Refused {
  readonly admitted: false;
  readonly code: 'identity.none' | 'identity.ambiguous' | 'identity.not-expected' | 'identity.denied';
  readonly detail: string;
}

const refused = (code: Refused['code'], detail: string): Refused => ({ admitted: false, code, detail });

/** Judges the URI names of a verified leaf. With two, whoever reads the first and whoever reads the last meet different peers. */
export function judgeIdentity(
  door: { readonly identity: string; readonly denied: readonly string[] },
  uris: readonly string[],
): Verdict {
  const [identity, ...more] = uris;
  if (identity === undefined) return refused('identity.none', 'the certificate has no URI name');
  if (more.length > 0) return refused('identity.ambiguous', 'the certificate has more than one URI name');
  if (!matchesPattern(door.identity, identity)) {
    return refused('identity.not-expected', `${identity} is not ${door.identity}`);
  }
  if (door.denied.includes(identity)) return refused('identity.denied', `${identity} is denied here`);
  return { admitted: true, identity };
}
