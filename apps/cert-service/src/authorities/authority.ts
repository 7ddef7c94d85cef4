import { assertNever } from '@caravan/event-store';
import type { CaProfileName } from '@caravan/pki';
import { derivedId, installationOwnerId } from '@caravan/platform/ids';

/** Which authority is meant: its place in the tree (docs/adr/0004) and whose it is. */
export type AuthorityName = RootName | IssuedAuthorityName;

export interface RootName {
  readonly kind: 'root';
  readonly installation: string;
}

/** Those that somebody above them signs. */
export type IssuedAuthorityName =
  | { readonly kind: 'management'; readonly installation: string }
  | { readonly kind: 'backbone' | 'infrastructure'; readonly backboneId: string }
  | { readonly kind: 'network' | 'claim' | 'member'; readonly networkId: string };

/** Each rotation counts on from here. */
export const FIRST_ORDINAL = 1;

/** The same authority has the same id in every replica, so two that establish it at once meet on one primary key. */
export const authorityId = (name: AuthorityName, ordinal: number): string =>
  derivedId('authority', name.kind, ownerOf(name), String(ordinal));

/** By whom its authorities rotate together: the id of the rotation's stream. */
export const rotatedWith = (name: AuthorityName): string =>
  'installation' in name ? installationOwnerId(name.installation) : ownerOf(name);

export function ownerOf(name: AuthorityName): string {
  switch (name.kind) {
    case 'root':
    case 'management':
      return name.installation;
    case 'backbone':
    case 'infrastructure':
      return name.backboneId;
    case 'network':
    case 'claim':
    case 'member':
      return name.networkId;
    default:
      return assertNever(name);
  }
}

/** The subject tells people what they look at. A generated root says so: nobody should take it for a company's own. */
export function commonNameOf(name: AuthorityName, ordinal: number): string {
  const which = ordinal === FIRST_ORDINAL ? 'CA' : String(ordinal);
  switch (name.kind) {
    case 'root':
      return ordinal === FIRST_ORDINAL ? GENERATED_ROOT : `${GENERATED_ROOT} ${ordinal}`;
    case 'management':
      return `Caravan management ${which}`;
    default:
      return `Caravan ${name.kind} ${which} ${ownerOf(name)}`;
  }
}
const GENERATED_ROOT = 'Caravan generated root (embedded default)';

export const PROFILE_OF: Readonly<Record<IssuedAuthorityName['kind'], Exclude<CaProfileName, 'root'>>> = {
  management: 'managementCa',
  backbone: 'backboneCa',
  infrastructure: 'infrastructureCa',
  network: 'networkCa',
  claim: 'claimCa',
  member: 'memberCa',
};

/** A network's authorities need to know what it stands on, and from when until when. */
export interface NetworkPlace {
  readonly backboneId: string;
  readonly notBefore: Date;
  readonly notAfter: Date | undefined;
}

/** The code for "no time is left": what it is that ended. */
export const endedCode = (name: AuthorityName): string => ('networkId' in name ? 'network.ended' : 'authority.expired');
