import type { AdmissionItem } from '@caravan/data-plane';
import type { OwnedDoor } from './doors.js';
import { admissionId } from './item-ids.js';
import type { Model } from './model.js';

/** As many as an item carries. */
const MOST = 4096;

/** Where a certificate is shown: a door to come in by, or the access point that proves itself with it to whoever dials. */
export type Shown = OwnedDoor | string;

const placeOf = (shown: Shown): string => (typeof shown === 'string' ? shown : admissionId(shown.door, shown.ownerId));

/** One certificate is worth nothing there any more. */
export function revokeAt(model: Model, shown: Shown, serial: string): void {
  const place = placeOf(shown);
  const before = model.revoked.get(place) ?? [];
  if (!before.includes(serial)) model.revoked.set(place, [...before, serial].slice(-MOST));
}

/** The part of an item that says so, in the order of revocation. */
export function revokedAt(model: Model, shown: Shown): Pick<AdmissionItem, 'revoked'> {
  const revoked = model.revoked.get(placeOf(shown));
  return revoked ? { revoked: [...revoked] } : {};
}
