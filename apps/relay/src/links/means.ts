import type { ConfiguredLink } from '@caravan/data-plane';
import type { Credential } from '../configuration/credential.js';

/** With what a link is dialled, the preferred first: what its site's operator supplies for it, then the site's own. Never empty. */
export type Means = readonly [Credential, ...Credential[]];

/** Undefined: there is nothing to dial with, and `fault` says why. Pure. */
export function meansOf(
  { certificateId, suppliedId = '' }: ConfiguredLink,
  credentials: ReadonlyMap<string, Credential>,
): { readonly means: Means; readonly fault?: undefined } | { readonly means?: undefined; readonly fault: string } {
  const own = credentials.get(certificateId);
  const all = [credentials.get(suppliedId), own];
  const [first, ...others] = all.flatMap((each) => (each && each.fault === undefined ? [each] : []));
  if (first) return { means: [first, ...others] };
  return { fault: `the certificate ${certificateId}${own?.fault === undefined ? ' is missing' : `: ${own.fault}`}` };
}

/** Equal marks are the same means. */
export const markOf = (means: Means): string => means.map(({ mark }) => mark).join();
