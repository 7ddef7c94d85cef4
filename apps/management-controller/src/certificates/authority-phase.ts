import type { Authority } from '@caravan/api';
import type { RotationRow } from '../rotations/rotation.projection.js';
import type { AuthorityRow } from './authority.projection.js';

type Owned = Pick<AuthorityRow, 'kind' | 'backboneId' | 'networkId'>;
type Rotated = Pick<RotationRow, 'ownerKind' | 'backboneId' | 'networkId' | 'ordinal' | 'status' | 'phase'>;

/** By whom its authorities rotate together, as a key of both kinds of row. */
const ownerOf = ({ networkId, backboneId }: Pick<Owned, 'networkId' | 'backboneId'>): string =>
  networkId ?? backboneId ?? 'installation';

/** The last rotation of each owner. `rows`: in the order of the log. */
export const lastRotations = (rows: readonly Rotated[]): ReadonlyMap<string, Rotated> =>
  new Map(rows.map((row) => [ownerOf(row), row]));

/** What an authority is good for now, by the last rotation of its owner. `isGone`: its network or its backbone is no more. Pure. */
export function phaseOfAuthority(
  authority: Owned & Pick<AuthorityRow, 'ordinal' | 'notAfter'>,
  rotations: ReadonlyMap<string, Rotated>,
  now: Date,
  isGone = false,
): Authority['phase'] {
  if (Date.parse(authority.notAfter) <= now.getTime()) return 'expired';
  if (isGone) return 'retired';
  const last = rotations.get(ownerOf(authority));
  const newest = last?.ordinal ?? 1;
  // A root that was brought before its rotation begins.
  if (authority.ordinal > newest) return 'next';
  if (!last) return 'in-use';
  const isBegun = last.status !== 'finished' && last.phase === 'trust';
  if (authority.ordinal === newest) return isBegun ? 'next' : 'in-use';
  if (authority.ordinal < newest - 1) return 'retired';
  if (isBegun) return 'in-use';
  return last.status === 'finished' || last.phase === 'retire' ? 'retired' : 'replaced';
}
