import type { AccessKind, Door, Reach } from '@caravan/data-plane';
import type { DoorAnchorKind } from './anchors.js';
import type { Backbone, BackboneSite, Model } from './model.js';

interface DoorRule {
  /** The kind of access point that it is a door of. */
  readonly access: AccessKind;
  /** Whose certificates come in by it. */
  readonly anchor: DoorAnchorKind;
  /** What may travel over a link by it: one word for both ends. */
  readonly reach: (ownerId: string) => Reach;
}

/** A bundle comes in at the peer access point, since a new site knows no other, and reaches no more than enrolment. */
export const doorRules: Readonly<Record<Door, DoorRule>> = {
  claim: { access: 'claim', anchor: 'claim', reach: () => ({ kind: 'control' }) },
  member: { access: 'member', anchor: 'member', reach: (networkId) => ({ kind: 'network', networkId }) },
  peer: { access: 'peer', anchor: 'infrastructure', reach: () => ({ kind: 'backbone' }) },
  bootstrap: { access: 'peer', anchor: 'infrastructure', reach: () => ({ kind: 'control' }) },
  manage: { access: 'manage', anchor: 'infrastructure', reach: () => ({ kind: 'management' }) },
};

const allDoors = Object.keys(doorRules) as Door[];

/** A door with whose it is: a network for claims and members, the backbone otherwise. */
export interface OwnedDoor {
  readonly door: Door;
  readonly ownerId: string;
}

/** The doors of an access point of this kind on this backbone. */
export function* doorsOf(backbone: Backbone, access: AccessKind): Generator<OwnedDoor> {
  for (const door of allDoors) {
    if (doorRules[door].access !== access) continue;
    if (doorRules[door].anchor === 'infrastructure') yield { door, ownerId: backbone.id };
    else for (const networkId of backbone.networks) yield { door, ownerId: networkId };
  }
}

export function kindsOf(model: Model, site: BackboneSite): Set<AccessKind> {
  const kinds = new Set<AccessKind>();
  for (const id of site.accessPoints) {
    const accessPoint = model.accessPoints.get(id);
    if (accessPoint) kinds.add(accessPoint.kind);
  }
  return kinds;
}
