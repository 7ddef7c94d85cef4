import type { RotationPlan } from '@caravan/api';
import { FIELDS_SINCE } from '@caravan/data-plane';
import type { RotationOwner } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import { IsNull } from 'typeorm';
import type { AuthorityRequestRow } from '../authority-requests/authority-request.projection.js';
import type { Directory } from '../directory/directory.js';
import type { Holding } from '../certificates/holdings.js';
import type { ReadModels } from '../read-models/read-models.js';
import type { Ability } from './affected-sites.js';

/** What a site must be able to do in order not to notice. */
export const abilityFor = (owner: RotationOwner['kind']): Ability =>
  owner === 'installation'
    ? { capability: FIELDS_SINCE.identities, without: 'the rotation waits until it is updated, or goes on without it' }
    : {
        capability: FIELDS_SINCE.retired,
        without: 'its links end when the old authorities retire, and are dialled again',
      };

/** Holders that renew by themselves; the others' certificates lie in files that people carry. */
const IN_FILES: ReadonlySet<string> = new Set(['claim', 'bootstrap']);

/** Added up over several authorities. */
export function renewedOf(holdings: Iterable<readonly Holding[]>): RotationPlan['renewed'] {
  const counts = new Map<string, number>();
  for (const { holderKind, certificates } of [...holdings].flat()) {
    if (!IN_FILES.has(holderKind)) counts.set(holderKind, (counts.get(holderKind) ?? 0) + certificates);
  }
  return [...counts].map(([holderKind, count]) => ({ holderKind, count }));
}

/** Files that lead nowhere afterwards: they trust what is replaced, or are trusted by it. */
export async function worthlessAfter(owner: RotationOwner, models: ReadModels): Promise<RotationPlan['worthless']> {
  const { invitations, backboneSites } = models;
  const open = { status: 'open' } as const;
  const bundles = { status: 'bootstrapping' } as const;
  const files = (what: string, count: number) => ({ what, count });
  const found = async (): Promise<RotationPlan['worthless']> => {
    switch (owner.kind) {
      case 'network':
        return [files('invitations', await invitations.count({ ...open, networkId: owner.networkId }))];
      case 'backbone': {
        const { backboneId } = owner;
        return [
          files('invitations', await invitations.count({ ...open, backboneId })),
          files('bundles', await backboneSites.count({ ...bundles, backboneId })),
        ];
      }
      case 'installation':
        return [
          files('invitations', await invitations.count(open)),
          files('bundles', await backboneSites.count(bundles)),
        ];
      default:
        return assertNever(owner);
    }
  };
  return (await found()).filter(({ count }) => count > 0);
}

/** Whose authorities follow those of the installation. A backbone's networks stay under the ordinal that made theirs. */
export async function belowOf(owner: RotationOwner, models: ReadModels, now: Date): Promise<RotationPlan['below']> {
  if (owner.kind !== 'installation') return [];
  const [backbones, networks] = await Promise.all([
    models.backbones.all({ ready: true }),
    models.networks.all({ endedAt: IsNull(), revokedAt: IsNull(), deletedAt: IsNull() }),
  ]);
  const goOn = networks.filter(({ endsAt }) => endsAt === null || Date.parse(endsAt) > now.getTime());
  return [
    ...backbones.map(({ id, name }) => ({ ownerKind: 'backbone' as const, id, name })),
    ...goOn.map(({ id, name }) => ({ ownerKind: 'network' as const, id, name })),
  ].slice(0, 1_000);
}

/** A root of somebody's own is followed by one of their own, which is brought (`cert-service init --next`). */
export function rootToBring(
  owner: RotationOwner,
  ordinal: number,
  { authorities }: Directory,
): RotationPlan['signatures'] {
  if (owner.kind !== 'installation') return [];
  const roots = [...authorities.values()].filter(({ kind }) => kind === 'root');
  const before = roots.find((root) => root.ordinal === ordinal - 1);
  const isThere = roots.some((root) => root.ordinal === ordinal);
  return !before || isThere || before.origin === 'generated' ? [] : [{ kind: 'root', issuer: before.origin }];
}

/** Who was asked for those that are replaced is asked again. */
export async function signaturesFor(owner: RotationOwner, models: ReadModels): Promise<RotationPlan['signatures']> {
  const where = { status: 'established' } as const;
  const asked = async (): Promise<AuthorityRequestRow[]> => {
    switch (owner.kind) {
      case 'network':
        return models.authorityRequests.all({ ...where, kind: 'network', networkId: owner.networkId });
      case 'backbone':
        return models.authorityRequests.all({ ...where, kind: 'backbone', backboneId: owner.backboneId });
      case 'installation':
        return models.authorityRequests.all(where);
      default:
        return assertNever(owner);
    }
  };
  const last = new Map((await asked()).map((row) => [`${row.kind} ${row.networkId ?? row.backboneId}`, row]));
  return [...last.values()].map(({ kind, issuer }) => ({ kind, issuer }));
}
