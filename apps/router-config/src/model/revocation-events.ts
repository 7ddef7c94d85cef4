import { RevocationConfirmed, RevocationEnforced, RevocationRequested } from '@caravan/events';
import type { Holder, RevocationEvent, RevocationTarget } from '@caravan/events';
import type { Door } from '@caravan/data-plane';
import { removeBackboneSite } from './backbone-events.js';
import type { Affected } from './affected.js';
import { noteDiallers } from './diallers.js';
import type { OwnedDoor } from './doors.js';
import { noteEntrances } from './entrances.js';
import { nothing } from './handlers.js';
import type { HandlersOf } from './handlers.js';
import { removeMember } from './member-events.js';
import type { Model } from './model.js';
import { revokeNetwork } from './networks.js';
import { revokeAt } from './revoked.js';

/**
 * What is revoked is gone with this event. What its own streams say of that later on finds it gone already: the way of a
 * revocation to the relays is one event long.
 */
export const onRevocation: HandlersOf<RevocationEvent> = {
  [RevocationRequested.type](model, { target }, affected) {
    switch (target.kind) {
      case 'certificate':
        return revokeCertificate(model, target, affected);
      case 'member':
        return removeMember(model, target.memberId, affected);
      case 'network':
        return revokeNetwork(model, target.networkId, affected);
      case 'backbone-site':
        return removeBackboneSite(model, target.siteId, affected);
    }
  },
  [RevocationConfirmed.type]: nothing,
  [RevocationEnforced.type]: nothing,
};

type RevokedCertificate = Extract<RevocationTarget, { kind: 'certificate' }>;

function revokeCertificate(model: Model, { holder, serial, notAfter }: RevokedCertificate, affected: Affected): void {
  if (holder.kind === 'access-point') {
    revokeAt(model, holder.accessPointId, serial, notAfter);
    return noteAddressed(model, [holder.accessPointId], affected);
  }
  const owned = doorOf(holder);
  if (!owned) return;
  revokeAt(model, owned, serial, notAfter);
  noteEntrances(model, owned, 'changed', affected);
  if (holder.kind !== 'bootstrap') return;
  // A site that is new also answers with it, where the management plane dials.
  revokeAt(model, holder.siteId, serial, notAfter);
  const site = model.sites.get(holder.siteId);
  if (site?.kind === 'backbone') noteAddressed(model, site.accessPoints, affected);
}

function noteAddressed(model: Model, accessPointIds: Iterable<string>, affected: Affected): void {
  for (const id of accessPointIds) {
    const accessPoint = model.accessPoints.get(id);
    if (accessPoint?.address) noteDiallers(model, accessPoint, 'changed', affected);
  }
}

/** Where its holder comes in; undefined: at no relay. */
function doorOf(holder: Exclude<Holder, { kind: 'access-point' }>): OwnedDoor | undefined {
  const at = (door: Door, ownerId: string): OwnedDoor => ({ door, ownerId });
  switch (holder.kind) {
    case 'claim':
      return at('claim', holder.networkId);
    case 'member':
      return at('member', holder.networkId);
    case 'backbone-site':
      return at('peer', holder.backboneId);
    case 'bootstrap':
      return at('bootstrap', holder.backboneId);
    case 'manage-link':
      return at('manage', holder.backboneId);
    case 'nats-server':
    case 'api-server':
    case 'service':
    case 'management-site':
    case 'administrator':
      return undefined;
  }
}
