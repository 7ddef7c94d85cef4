import { isDeepStrictEqual } from 'node:util';
import type { Affected } from './affected.js';
import { noteDiallers } from './diallers.js';
import type { Model } from './model.js';

/** As many as an item carries. */
const MOST_BEFORE = 8;

/** From here on the operator of a backbone site proves its access points by `trust` too; none: by nothing but what is issued to them. */
export function prove(model: Model, siteId: string, trust: readonly string[], affected: Affected): void {
  const site = model.sites.get(siteId);
  if (site?.kind !== 'backbone' || isDeepStrictEqual(site.proof.trust, trust)) return;
  const former = new Set([...site.proof.trust, ...site.proof.before]);
  for (const pem of trust) former.delete(pem);
  site.proof = { trust, before: [...former].slice(0, MOST_BEFORE) };
  for (const id of site.accessPoints) {
    const accessPoint = model.accessPoints.get(id);
    if (accessPoint?.address) noteDiallers(model, accessPoint, 'changed', affected);
  }
}
