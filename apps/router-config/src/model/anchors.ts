import type { AuthorityKind } from '@caravan/events';
import type { Anchor, Model } from './model.js';

/** The authorities that a door may trust: the lowest ones. The others sign authorities or the management plane, never a caller. */
export type AnchorKind = Extract<AuthorityKind, 'infrastructure' | 'claim' | 'member'>;

/** As many as an item carries: the newest, should a rotation ever leave more behind. */
const MOST = 8;

const anchorKey = (kind: AnchorKind, ownerId: string) => `${kind}/${ownerId}`;

/** Takes up an authority among those of its kind and owner, the newest first. */
export function establish(model: Model, kind: AnchorKind, ownerId: string, anchor: Anchor): void {
  const others = anchorsOf(model, kind, ownerId).filter(({ authorityId }) => authorityId !== anchor.authorityId);
  const all = [anchor, ...others].sort((a, b) => b.ordinal - a.ordinal);
  model.anchors.set(anchorKey(kind, ownerId), all.slice(0, MOST));
}

/** `ownerId`: the backbone of an infrastructure authority, the network of the others. */
export const anchorsOf = (model: Model, kind: AnchorKind, ownerId: string): readonly Anchor[] =>
  model.anchors.get(anchorKey(kind, ownerId)) ?? [];

/** What an item trusts: the certificates, the newest first. Empty: nothing is established yet, and nobody can be admitted. */
export const trustOf = (model: Model, kind: AnchorKind, ownerId: string): string[] =>
  anchorsOf(model, kind, ownerId).map(({ certificate }) => certificate);
