import type { Door } from '@caravan/data-plane';
import { formatIdentity } from '@caravan/pki';
import type { Identity } from '@caravan/pki';
import { assertNever } from '@caravan/event-store';
import type { AccessPoint } from '../model/model.js';

/** What comes in by a door: `pattern` admits every identity of its kind and owner, `of` is that of one of them. */
export interface DoorIdentity {
  readonly pattern: string;
  of(id: string): string;
}

export function doorIdentity(installation: string, door: Door, ownerId: string): DoorIdentity {
  // An identity ends in the id of its holder, whatever stands before it: that is known to libs/pki alone.
  const one = formatIdentity(callerBy(installation, door, ownerId, 'x'));
  const prefix = one.slice(0, -1);
  return { pattern: `${prefix}*`, of: (id) => prefix + id };
}

function callerBy(installation: string, door: Door, ownerId: string, id: string): Identity {
  switch (door) {
    case 'claim':
      return { kind: 'claim', installation, networkId: ownerId, invitationId: id };
    case 'member':
      return { kind: 'member', installation, networkId: ownerId, memberId: id };
    case 'peer':
      return { kind: 'backbone-site', installation, backboneId: ownerId, siteId: id };
    case 'bootstrap':
      return { kind: 'bootstrap', installation, backboneId: ownerId, siteId: id };
    case 'manage':
      return { kind: 'manage-link', installation, backboneId: ownerId, siteId: id };
    default:
      return assertNever(door);
  }
}

/** Who may answer at an access point: itself; and the management plane dials a new site that has only its bundle's certificate so far. */
export function accessPointIdentities(installation: string, { id, kind, siteId, backboneId }: AccessPoint): string[] {
  const itself: Identity = { kind: 'access-point', installation, backboneId, accessPointId: id };
  const itsBundle: Identity = { kind: 'bootstrap', installation, backboneId, siteId };
  return (kind === 'manage' ? [itself, itsBundle] : [itself]).map(formatIdentity);
}
