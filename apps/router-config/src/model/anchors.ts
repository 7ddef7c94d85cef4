import type { AuthorityKind } from '@caravan/events';
import type { Anchor, Model } from './model.js';

/** The authorities that a door may trust: the lowest ones. The others sign authorities or the management plane, never a caller. */
export type DoorAnchorKind = Extract<AuthorityKind, 'infrastructure' | 'claim' | 'member'>;
/** And the one by which sites know the management plane. */
export type AnchorKind = DoorAnchorKind | 'management';

/** As many as an item carries: the newest, should a rotation ever leave more behind. */
const MOST = 8;

/** Whose the management authority is: there is one installation in a log. */
export const INSTALLATION = 'installation';

const anchorKey = (kind: AnchorKind, ownerId: string) => `${kind}/${ownerId}`;

/** Takes up an authority among those of its kind and owner, the newest first. */
export function establish(model: Model, kind: AnchorKind, ownerId: string, anchor: Anchor): void {
  const others = anchorsOf(model, kind, ownerId).filter(({ authorityId }) => authorityId !== anchor.authorityId);
  const all = [anchor, ...others].sort((a, b) => b.ordinal - a.ordinal);
  model.anchors.set(anchorKey(kind, ownerId), all.slice(0, MOST));
}

/** `ownerId`: the backbone of an infrastructure authority, the network of a claim or member authority, `INSTALLATION` of the management's. */
export const anchorsOf = (model: Model, kind: AnchorKind, ownerId: string): readonly Anchor[] =>
  model.anchors.get(anchorKey(kind, ownerId)) ?? [];

/** From here on those below this ordinal admit nobody. */
export function retire(model: Model, kind: AnchorKind, ownerId: string, below: number): void {
  const key = anchorKey(kind, ownerId);
  model.retiredBelow.set(key, Math.max(below, model.retiredBelow.get(key) ?? 0));
}

/**
 * What an item trusts, and what it trusted before: whoever came in by that may stay. Certificates, the newest first. Nothing to
 * trust: nothing is established yet, and nobody can be admitted. The newest is never retired: that would shut the door.
 */
export interface Trust {
  readonly trust: string[];
  readonly retired?: string[];
}

export function trustOf(model: Model, kind: AnchorKind, ownerId: string): Trust {
  const anchors = anchorsOf(model, kind, ownerId);
  const newest = anchors[0]?.ordinal ?? 0;
  const below = Math.min(newest, model.retiredBelow.get(anchorKey(kind, ownerId)) ?? 0);
  const certificates = (isRetired: boolean): string[] =>
    anchors.filter(({ ordinal }) => ordinal < below === isRetired).map(({ certificate }) => certificate);
  const retired = certificates(true);
  return { trust: certificates(false), ...(retired.length > 0 && { retired }) };
}
