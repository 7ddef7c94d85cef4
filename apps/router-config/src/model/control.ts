import type { Affected, Effect } from './affected.js';
import { anchorsOf, INSTALLATION } from './anchors.js';
import { CONTROL, itemKey } from './item-ids.js';
import { FIRST_ORDINAL } from './model.js';
import type { Model } from './model.js';

/** By what sites know the management plane. They came with the first authority, or with what was in use then: they are told of those after the first. */
export const isControlTold = (model: Model): boolean =>
  (anchorsOf(model, 'management', INSTALLATION)[0]?.ordinal ?? FIRST_ORDINAL) > FIRST_ORDINAL;

export function noteControl(model: Model, siteId: string, effect: Effect, affected: Affected): void {
  if (isControlTold(model)) affected.note(effect, siteId, itemKey('control', CONTROL));
}

/** It changed for every site there is. */
export function noteControlEverywhere(model: Model, affected: Affected): void {
  for (const [siteId, { kind }] of model.sites) if (kind !== 'removed') noteControl(model, siteId, 'changed', affected);
}
