import { assertNever } from '@caravan/event-store';
import type { CaProfileName } from '@caravan/pki';
import { derivedId } from '@caravan/platform/ids';

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

/** Rotation will count on from here; until then every authority is the first of its kind. */
export const FIRST_ORDINAL = 1;

/** The same authority has the same id in every replica, so two that establish it at once meet on one primary key. */
export const authorityId = (name: AuthorityName): string =>
  derivedId('authority', name.kind, ownerOf(name), String(FIRST_ORDINAL));

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
export const commonNameOf = (name: AuthorityName): string =>
  name.kind === 'root'
    ? 'Caravan generated root (embedded default)'
    : name.kind === 'management'
      ? 'Caravan management CA'
      : `Caravan ${name.kind} CA ${ownerOf(name)}`;

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
