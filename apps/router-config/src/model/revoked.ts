import type { AdmissionItem } from '@caravan/data-plane';
import { isOver } from './denials.js';
import type { OwnedDoor } from './doors.js';
import { admissionId } from './item-ids.js';
import type { Model } from './model.js';

/** As many as an item carries. Management-controller lets nobody revoke so many single certificates at one place. */
const MOST = 4096;

/** Where a certificate is shown: a door to come in by; or by whom, to whoever dials: an access point, or a site that has only its bundle's. */
export type Shown = OwnedDoor | string;

const placeOf = (shown: Shown): string => (typeof shown === 'string' ? shown : admissionId(shown.door, shown.ownerId));

/** One certificate is worth nothing there any more. Should there be too many, those stay that end last. */
export function revokeAt(model: Model, shown: Shown, serial: string, notAfter: string): void {
  const place = placeOf(shown);
  const revoked = model.revoked.get(place) ?? new Map<string, number>();
  model.revoked.set(place, revoked);
  for (const [each, until] of revoked) if (isOver(model, until)) revoked.delete(each);
  revoked.set(serial, Date.parse(notAfter));
  if (revoked.size <= MOST) return;
  const [first] = [...revoked].sort(([, a], [, b]) => a - b);
  revoked.delete(first![0]);
}

/** The part of an item that says so, in the order of revocation. */
export function revokedAt(model: Model, ...shown: readonly Shown[]): Pick<AdmissionItem, 'revoked'> {
  const revoked = shown.flatMap((each) => [...(model.revoked.get(placeOf(each))?.keys() ?? [])]);
  return revoked.length > 0 ? { revoked: revoked.slice(0, MOST) } : {};
}
