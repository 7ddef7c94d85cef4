import type { RotationOwner } from '@caravan/events';
import type { Directory } from '../directory/directory.js';
import type { AuthorityEntry } from '../directory/entries.js';
import { phaseOf } from '../networks/window.js';
import { newestOf } from './by-age.js';

/** What has still to be replaced below a new root. */
export interface Below {
  /** Whose authorities stand under an older one, and can be replaced now. */
  readonly due: readonly { readonly ownerId: string; readonly owner: RotationOwner }[];
  /** Whose are being replaced, or wait for what is above them. */
  readonly unfinished: readonly string[];
}

/** Backbones first, and the networks on each once it stands under the new root: what is made before that would end with the old one. Pure. */
export function belowRoot(directory: Directory, ordinal: number, now: Date): Below {
  const newest = newestOf(directory);
  const rootOf = rootOrdinals(directory);
  const due: { ownerId: string; owner: RotationOwner }[] = [];
  const unfinished: string[] = [];
  const settled = new Set<string>();
  for (const [name, entry] of newest) {
    if (entry.kind !== 'infrastructure' || entry.backboneId === null) continue;
    const { backboneId } = entry;
    if (directory.rotations.of(backboneId)) unfinished.push(name);
    else if (rootOf(entry) < ordinal) due.push({ ownerId: backboneId, owner: { kind: 'backbone', backboneId } });
    else settled.add(backboneId);
  }
  for (const [networkId, network] of directory.networks) {
    const entry = newest.get(`member/${networkId}`);
    if (!entry || entry.backboneId === null || phaseOf(network, now) === 'ended') continue;
    const { backboneId } = entry;
    const { startsAt, endsAt } = network;
    const isOlder = rootOf(entry) < ordinal;
    if (directory.rotations.of(networkId) || (isOlder && !settled.has(backboneId))) {
      unfinished.push(`member/${networkId}`);
    } else if (isOlder) {
      due.push({ ownerId: networkId, owner: { kind: 'network', networkId, backboneId, startsAt, endsAt } });
    }
  }
  return { due, unfinished };
}

/** The ordinal of the root that an authority leads to; 0: to none that is known. */
function rootOrdinals(directory: Directory): (entry: AuthorityEntry) => number {
  const byId = new Map([...directory.authorities.values()].map((entry) => [entry.authorityId, entry]));
  return (entry) => {
    let above: AuthorityEntry | undefined = entry;
    while (above && above.kind !== 'root') above = above.issuerId === null ? undefined : byId.get(above.issuerId);
    return above?.ordinal ?? 0;
  };
}
