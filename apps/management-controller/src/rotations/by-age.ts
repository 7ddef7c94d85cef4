import { createHash } from 'node:crypto';
import type { RotationOwner } from '@caravan/events';
import { renewalTime } from '@caravan/pki';
import type { Directory } from '../directory/directory.js';
import type { AuthorityEntry, NetworkEntry } from '../directory/entries.js';
import { phaseOf } from '../networks/window.js';

export interface DueRotation {
  readonly ownerId: string;
  readonly owner: RotationOwner;
  /** Of the authorities that are to be replaced. */
  readonly ordinal: number;
  readonly cause: 'age' | 'window';
}

/** Whether a network is to last longer, or to begin sooner, than its authorities were made for. */
export function isOutgrown(network: NetworkEntry, now: Date): boolean {
  if (phaseOf(network, now) === 'ended') return false;
  const { startsAt, endsAt, certified } = network;
  const isLonger = certified.endsAt !== null && (endsAt === null || endsAt > certified.endsAt);
  return isLonger || startsAt < certified.startsAt;
}

/**
 * Whose authorities are old enough to be replaced, or do not last as long as their network is to. Not those that the next ones would not
 * outlive: a network's that end with their network, and those that end with what signed them, which is replaced first. Nor those of a network
 * that is suspended: nobody could give its members other certificates, and they would be left behind.
 */
export function dueByAge(directory: Directory, now: Date): DueRotation[] {
  const newest = newestOf(directory);
  const backboneOf = (networkId: string) => newest.get(`member/${networkId}`)?.backboneId ?? undefined;
  const networks = [...directory.networks].flatMap(([networkId, network]): DueRotation[] => {
    if (network.suspended) return [];
    const { startsAt, endsAt } = network;
    const own = newest.get(`member/${networkId}`);
    const backboneId = backboneOf(networkId);
    if (!own || backboneId === undefined) return [];
    const owner = { kind: 'network', networkId, backboneId, startsAt, endsAt } as const;
    const due = { ownerId: networkId, owner, ordinal: own.ordinal };
    if (isOutgrown(network, now)) return [{ ...due, cause: 'window' }];
    const ends = [newest.get(`backbone/${backboneId}`)?.notAfter, endsAt ?? undefined];
    return isDue(own, networkId, ends, now) ? [{ ...due, cause: 'age' }] : [];
  });
  const backbones = [...newest].flatMap(([name, own]): DueRotation[] => {
    const [kind, backboneId = ''] = name.split('/');
    if (kind !== 'infrastructure' || !isDue(own, backboneId, [newest.get('root')?.notAfter], now)) return [];
    return [{ ownerId: backboneId, owner: { kind: 'backbone', backboneId }, ordinal: own.ordinal, cause: 'age' }];
  });
  return [...backbones, ...networks];
}

/** Root and management authority are replaced together, when either is old enough. */
export function isInstallationDue(directory: Directory, ownerId: string, now: Date): AuthorityEntry | undefined {
  const newest = newestOf(directory);
  const [root, management] = [newest.get('root'), newest.get('management')];
  if (!root || !management) return undefined;
  // What ends with the root does so because that is old.
  return isDue(root, ownerId, [], now) || isDue(management, ownerId, [], now) ? root : undefined;
}

/** By kind and owner: `member/<network>`, `backbone/<backbone>`, `root`. */
export function newestOf(directory: Directory): Map<string, AuthorityEntry> {
  const newest = new Map<string, AuthorityEntry>();
  for (const entry of directory.authorities.values()) {
    const ownerId = entry.networkId ?? entry.backboneId;
    const name = ownerId === null ? entry.kind : `${entry.kind}/${ownerId}`;
    if ((newest.get(name)?.ordinal ?? 0) < entry.ordinal) newest.set(name, entry);
  }
  return newest;
}

function isDue(own: AuthorityEntry, ownerId: string, ends: readonly (string | undefined)[], now: Date): boolean {
  const [notAfter] = ends.filter((end) => end !== undefined).sort();
  const at = renewalTime(own, { notAfter }, createHash('sha256').update(ownerId).digest('hex'));
  return at !== undefined && at <= now;
}
