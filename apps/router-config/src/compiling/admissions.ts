import { assertNever } from '@caravan/event-store';
import { serverNameOf } from '@caravan/data-plane';
import type { AccessKind, AdmissionItem } from '@caravan/data-plane';
import { trustOf } from '../model/anchors.js';
import { doorRules, doorsOf } from '../model/doors.js';
import type { OwnedDoor } from '../model/doors.js';
import { admissionId } from '../model/item-ids.js';
import type { Backbone, Model } from '../model/model.js';
import { revokedAt } from '../model/revoked.js';
import { pinnedAt } from '../model/pins.js';
import { doorIdentity } from './identities.js';
import type { DoorIdentity } from './identities.js';

/** The admissions of every door at an access point of this kind. One whose authority is not established yet admits nobody and is left out. */
export function admissionsOf(model: Model, backbone: Backbone, access: AccessKind): AdmissionItem[] {
  return [...doorsOf(backbone, access)].flatMap((door) => admissionOf(model, door) ?? []);
}

function admissionOf(model: Model, owned: OwnedDoor): AdmissionItem | undefined {
  const { door, ownerId } = owned;
  const { access, anchor, reach } = doorRules[door];
  const trusted = trustOf(model, anchor, ownerId);
  if (trusted.trust.length === 0) return undefined;
  const identity = doorIdentity(model.installation, door, ownerId);
  return {
    kind: 'admission',
    id: admissionId(door, ownerId),
    access,
    serverName: serverNameOf(door, ownerId),
    ...trusted,
    identity: identity.pattern,
    denied: [...deniedAt(model, owned)].map((id) => identity.of(id)),
    ...pinnedBy(model, owned, identity),
    ...revokedAt(model, owned),
    reach: reach(ownerId),
    ...windowOf(model, owned),
  };
}

function pinnedBy(model: Model, owned: OwnedDoor, identity: DoorIdentity): Pick<AdmissionItem, 'pinned'> {
  const pins = pinnedAt(model, owned);
  if (pins.length === 0) return {};
  return { pinned: pins.map(({ siteId, certificate }) => ({ identity: identity.of(siteId), certificate })) };
}

/** A network's doors trust within its window; those of a backbone always. */
function windowOf(model: Model, { door, ownerId }: OwnedDoor): Pick<AdmissionItem, 'window'> {
  const network = doorRules[door].anchor === 'infrastructure' ? undefined : model.networks.get(ownerId);
  return network ? { window: network.window } : {};
}

/** Whose certificates outlive them. */
function deniedAt(model: Model, { door, ownerId }: OwnedDoor): Iterable<string> {
  switch (door) {
    case 'member':
      return model.networks.get(ownerId)?.deniedMembers ?? [];
    case 'peer':
    case 'bootstrap':
      return model.backbones.get(ownerId)?.removedSites ?? [];
    case 'claim': // the claim endpoint refuses, with a code; and a claim reaches nothing else
    case 'manage':
      return [];
    default:
      return assertNever(door);
  }
}
