import { keyOf } from '@caravan/data-plane';
import type { Item, Observation } from '@caravan/data-plane';
import { HOW_TO_ADDRESS } from '../backbones/addresses.js';

const NO_HOST = `its host is not known, and without one it gets no certificate. ${HOW_TO_ADDRESS}`;

/**
 * What a site says of its items, with the reason where it cannot know it: to the site an access point only lacks its certificate,
 * which it is not to ask for before its host is known.
 */
export function withReasons(said: Observation['items'], desired: readonly Item[]): Observation['items'] {
  const certificates = new Set(desired.filter(({ kind }) => kind === 'certificate').map(({ id }) => id));
  const items = { ...said };
  for (const item of desired) {
    if (item.kind !== 'access-point' || certificates.has(item.certificateId)) continue;
    const key = keyOf(item);
    if (items[key]?.state === 'waiting') items[key] = { ...items[key], detail: NO_HOST };
  }
  return items;
}
