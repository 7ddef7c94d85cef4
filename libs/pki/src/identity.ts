import { describeCertificate } from './certificate.js';
import type { CertificateFacts } from './certificate.js';
import { PkiError } from './pki-error.js';

/**
 * Who a certificate speaks for: `spiffe://<installation>/<path>` (SPIFFE-ID, 2). One table builds and reads the paths and
 * gives the type its fields. An invitation's claim certificate is shared by those it invites, hence its invitation id.
 */
const PATHS = {
  claim: '/network/{networkId}/claim/{invitationId}',
  member: '/network/{networkId}/member/{memberId}',
  'backbone-site': '/backbone/{backboneId}/site/{siteId}',
  bootstrap: '/backbone/{backboneId}/bootstrap/{siteId}',
  'access-point': '/backbone/{backboneId}/access-point/{accessPointId}',
  'manage-link': '/backbone/{backboneId}/manage/{siteId}',
  service: '/service/{name}',
  'management-site': '/management/site/{siteId}',
  administrator: '/administrator/{name}',
} as const;

type Paths = typeof PATHS;
type Fields<Path extends string> = Path extends `${string}{${infer Field}}${infer Rest}` ? Field | Fields<Rest> : never;

export type IdentityKind = keyof Paths;
/** A union on `kind`, for example `{ kind: 'member', installation, networkId, memberId }`. */
export type Identity = {
  [Kind in IdentityKind]: { readonly kind: Kind; readonly installation: string } & {
    readonly [Field in Fields<Paths[Kind]>]: string;
  };
}[IdentityKind];

/** SPIFFE-ID, 2.1: a trust domain. */
const INSTALLATION = /^[a-z0-9._-]{1,255}$/;
/** SPIFFE-ID, 2.2: a path segment, never a relative one. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;
const PREFIX = 'spiffe://';
const FIELD = /^\{(.*)\}$/;

/** Whether identities can be of an installation of that name. */
export const isInstallation = (name: string): boolean => INSTALLATION.test(name);

/** The URI of an identity. Throws `identity.unknown` when a part could not be read back from it. */
export function formatIdentity(identity: Identity): string {
  const values = identity as Identity & Record<string, string | undefined>;
  const path = PATHS[identity.kind].replace(/\{(\w+)\}/g, (_, field: string) => values[field] ?? '');
  const uri = `${PREFIX}${identity.installation}${path}`;
  if (parseIdentity(uri)?.kind !== identity.kind) throw new PkiError('identity.unknown', `${uri} is not an identity`);
  return uri;
}

/** Reads exactly what `formatIdentity` writes: no escapes, no port, no query, no trailing slash. Else undefined. */
export function parseIdentity(uri: string): Identity | undefined {
  if (!uri.startsWith(PREFIX)) return undefined;
  const [installation = '', ...segments] = uri.slice(PREFIX.length).split('/');
  if (!INSTALLATION.test(installation)) return undefined;
  for (const [kind, path] of Object.entries(PATHS)) {
    const fields = fieldsOf(path.slice(1).split('/'), segments);
    if (fields !== undefined) return { kind, installation, ...fields } as Identity;
  }
  return undefined;
}

/**
 * The identity that a verified certificate proves to `installation`. Exactly one URI, or nobody: with two, whoever reads the
 * first and whoever reads the last would meet different peers.
 *
 * @throws PkiError `identity.none`, `identity.ambiguous`, `identity.unknown`, `identity.foreign`, `certificate.malformed`
 */
export const identityOf = (certificatePem: string, installation: string): Identity =>
  identityIn(describeCertificate(certificatePem), installation);

/** The same of a certificate that was read already. */
export function identityIn({ uris }: Pick<CertificateFacts, 'uris'>, installation: string): Identity {
  const [uri, ...more] = uris;
  if (uri === undefined) throw new PkiError('identity.none', 'the certificate has no URI name');
  if (more.length > 0) throw new PkiError('identity.ambiguous', 'the certificate has more than one URI name');
  const identity = parseIdentity(uri);
  if (identity === undefined) throw new PkiError('identity.unknown', 'the URI name is not one of ours');
  if (identity.installation !== installation) {
    throw new PkiError('identity.foreign', `the certificate is of the installation ${identity.installation}`);
  }
  return identity;
}

function fieldsOf(template: string[], segments: string[]): Record<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const fields: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index]!;
    const field = FIELD.exec(part)?.[1];
    if (field === undefined ? part !== segment : !ID.test(segment)) return undefined;
    if (field !== undefined) fields[field] = segment;
  }
  return fields;
}
