import type { Affected, Effect } from './affected.js';
import { anchorsOf } from './anchors.js';
import { doorRules, kindsOf } from './doors.js';
import type { OwnedDoor } from './doors.js';
import { admissionId, itemKey } from './item-ids.js';
import type { Model } from './model.js';

/** Concerns one door wherever it stands: at every site of the backbone that has an access point of its kind. */
export function noteEntrances(model: Model, { door, ownerId }: OwnedDoor, effect: Effect, affected: Affected): void {
  const { access, anchor } = doorRules[door];
  // A door that can trust nobody yet is compiled nowhere, and nothing can be said about it.
  if (anchorsOf(model, anchor, ownerId).length === 0) return;
  const backboneId = anchor === 'infrastructure' ? ownerId : model.networks.get(ownerId)?.backboneId;
  const backbone = backboneId === undefined ? undefined : model.backbones.get(backboneId);
  const key = itemKey('admission', admissionId(door, ownerId));
  for (const siteId of backbone?.sites ?? []) {
    const site = model.sites.get(siteId);
    if (site?.kind === 'backbone' && kindsOf(model, site).has(access)) affected.note(effect, siteId, key);
  }
}
