/**
 * What a site needs certificates for beside those that its desired state names, and which a user may supply (seed 004, where they are
 * Kubernetes Secrets of the same names with the prefix `skupper-`).
 */
export const LEAF_PURPOSES = ['site-server', 'local-server', 'local-client', 'service-client'] as const;
export const AUTHORITY_PURPOSES = ['site-ca', 'local-ca', 'service-ca'] as const;
export type LeafPurpose = (typeof LEAF_PURPOSES)[number];
export type AuthorityPurpose = (typeof AUTHORITY_PURPOSES)[number];
export type Purpose = LeafPurpose | AuthorityPurpose;

/** Whose certificate serves: the user's; one that an authority at the site signs; one that the management plane issues. */
export type Source = 'supplied' | 'minted' | 'issued';

/** What a user supplies for a purpose: of an authority, with the key that it could sign with or without. */
export type Supply = 'with-key' | 'certificate-only';

const SIGNED_BY: Readonly<Record<LeafPurpose, AuthorityPurpose>> = {
  'site-server': 'site-ca',
  'local-server': 'local-ca',
  'local-client': 'local-ca',
  'service-client': 'service-ca',
};

/** Where the certificate for a purpose comes from. Pure. */
export function sourceOf(purpose: LeafPurpose, supplied: ReadonlyMap<string, Supply>): Source {
  if (supplied.has(purpose)) return 'supplied';
  // Sites trust each other by what the management plane issues; only a user who has a CA for it has it otherwise.
  if (purpose === 'site-server' && supplied.get('site-ca') !== 'with-key') return 'issued';
  return 'minted';
}

/** Whether an authority signs anything at this site: it is there for what is missing alone. Pure. */
export const isUsed = (authority: AuthorityPurpose, supplied: ReadonlyMap<string, Supply>): boolean =>
  LEAF_PURPOSES.some((purpose) => SIGNED_BY[purpose] === authority && sourceOf(purpose, supplied) === 'minted');
