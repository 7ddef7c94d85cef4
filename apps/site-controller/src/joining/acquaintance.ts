import type { Item } from '@caravan/data-plane';
import { describeCertificate } from '@caravan/pki';
import type { Control } from './joining.js';

/** How somebody is known, and by what others are: certificates in PEM. */
export interface Acquaintance {
  /** Its own, leaf first. */
  readonly chain: readonly string[];
  /** What the access points that it dials are judged by. */
  readonly links: readonly string[];
  /** What the management plane is judged by. */
  readonly control: readonly string[];
}

export const acquaintance = (chain: readonly string[], items: readonly Item[], control: Control): Acquaintance => ({
  chain,
  links: items.flatMap((item) => (item.kind === 'link' ? item.trust : [])),
  control: controlTrust(items, control),
});

/** What the management plane is judged by: as it was said last, or what the site came with. */
export const controlTrust = (items: readonly Item[], { trust }: Control): readonly string[] =>
  items.find((item) => item.kind === 'control')?.trust ?? trust;

/**
 * Whether two go by other authorities, so that one of them has been away while a rotation went on: an access point or the management plane
 * would be a stranger to it, or it to them. Pure.
 *
 * @throws PkiError when a chain cannot be read
 */
export const isEstranged = (one: Acquaintance, other: Acquaintance): boolean =>
  isSignedElsewhere(one.chain, other.chain) ||
  haveNoneInCommon(one.links, other.links) ||
  haveNoneInCommon(one.control, other.control);

/** An invitation and a member are signed by two authorities; those are signed by one, the network's. */
export function isSignedElsewhere(one: readonly string[], other: readonly string[]): boolean {
  const [mine, others] = [signerOf(one[1]), signerOf(other[1])];
  return mine !== undefined && others !== undefined && mine !== others;
}

const signerOf = (authority: string | undefined): string | undefined =>
  authority === undefined ? undefined : describeCertificate(authority).akid;

const haveNoneInCommon = (some: readonly string[], others: readonly string[]): boolean =>
  some.length > 0 && others.length > 0 && !some.some((each) => others.includes(each));
