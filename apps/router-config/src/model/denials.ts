import type { Model } from './model.js';

/**
 * What outlives its holder is denied until it is over, and no longer: a list is as long as what was removed within the life of a
 * certificate. It is shortened where something is added, since its items change then in any case; nothing is told because time passed.
 */

/** A relay whose clock is behind takes a certificate for good after its end: it hears of the denial for so long. */
const CLOCKS_DIFFER_MS = 24 * 60 * 60 * 1000;

export const isOver = (model: Model, notAfterMs: number): boolean => notAfterMs + CLOCKS_DIFFER_MS <= model.now;

/** Somebody holds a certificate until then; times in milliseconds since 1970. */
export function certifiedUntil(model: Model, holderId: string, notAfterMs: number): void {
  model.certifiedUntil.set(holderId, Math.max(notAfterMs, model.certifiedUntil.get(holderId) ?? 0));
}

/** `holderId` is no more. `denied`: those of before, in the order of their removal. Whose certificates nobody knows stay. */
export function denyHolder(model: Model, denied: Set<string>, holderId: string): void {
  for (const each of denied) {
    const until = model.certifiedUntil.get(each);
    if (until === undefined || !isOver(model, until)) continue;
    denied.delete(each);
    model.certifiedUntil.delete(each);
  }
  denied.add(holderId);
}
