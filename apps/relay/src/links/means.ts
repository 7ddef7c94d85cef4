import type { ConfiguredLink } from '@caravan/data-plane';
import type { Credential } from '../configuration/credential.js';
import { dialFault } from './dial.js';

/** With what a link is dialled, the preferred first: what its site's operator supplies for it, then the site's own. Never empty. */
export type Means = readonly [Credential, ...Credential[]];

/** What there is to dial with; or why it cannot be dialled. */
type Found =
  { readonly means: Means; readonly fault?: undefined } | { readonly means?: undefined; readonly fault: string };

/** Pure. */
export function meansOf(item: ConfiguredLink, credentials: ReadonlyMap<string, Credential>): Found {
  const { certificateId, suppliedId = '' } = item;
  const own = credentials.get(certificateId);
  const all = [credentials.get(suppliedId), own];
  const [first, ...others] = all.flatMap((each) => (each && each.fault === undefined ? [each] : []));
  if (!first)
    return { fault: `the certificate ${certificateId}${own?.fault === undefined ? ' is missing' : `: ${own.fault}`}` };
  const fault = dialFault(item);
  return fault === undefined ? { means: [first, ...others] } : { fault };
}

/** Equal marks are the same means. */
export const markOf = (means: Means): string => means.map(({ mark }) => mark).join();
