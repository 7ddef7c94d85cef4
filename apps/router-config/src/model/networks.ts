import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { Window } from '@caravan/data-plane';
import type { Affected } from './affected.js';
import { noteControl } from './control.js';
import { noteEntrances } from './entrances.js';
import { admissionId, itemKey, memberLinkId } from './item-ids.js';
import { FIRST_ORDINAL } from './model.js';
import type { MemberSite, Model } from './model.js';

interface Placed {
  readonly backboneId: string;
  readonly networkId: string;
  readonly startsAt: string;
  readonly endsAt: string | null;
}

/** A network is on a backbone from the moment that the backbone says so: its doors are there, and open when its window does. */
export function placeNetwork(model: Model, { backboneId, networkId, ...times }: Placed, affected: Affected): void {
  const backbone = model.backbones.get(backboneId);
  if (!backbone || model.networks.has(networkId)) return;
  backbone.networks.add(networkId);
  model.networks.set(networkId, {
    id: networkId,
    backboneId,
    status: 'placed',
    window: windowOf(times),
    members: new Set(),
    deniedMembers: new Set(),
  });
  noteEntrances(model, { door: 'claim', ownerId: networkId }, 'changed', affected);
  noteEntrances(model, { door: 'member', ownerId: networkId }, 'changed', affected);
}

const windowOf = ({ startsAt, endsAt }: Pick<Placed, 'startsAt' | 'endsAt'>): Window => ({
  from: startsAt,
  ...(endsAt !== null && { until: endsAt }),
});

/** Whichever stream says it first: its doors close, and members that are left have nothing more to do. */
export function endNetwork(model: Model, networkId: string, affected: Affected): void {
  const network = model.networks.get(networkId);
  if (!network || network.status === 'ended') return;
  network.status = 'ended';
  model.backbones.get(network.backboneId)?.networks.delete(networkId);
  model.pins.delete(admissionId('member', networkId));
  noteEntrances(model, { door: 'claim', ownerId: networkId }, 'gone', affected);
  noteEntrances(model, { door: 'member', ownerId: networkId }, 'gone', affected);
  for (const memberId of network.members) {
    const member = model.sites.get(memberId);
    if (member?.kind === 'member') noteAll(model, member, affected);
  }
}

function noteAll(
  model: Model,
  { id, accessPoints, listeners, connectors, ordinal }: MemberSite,
  affected: Affected,
): void {
  if (ordinal > FIRST_ORDINAL) affected.gone(id, itemKey('certificate', SITE_CERTIFICATE));
  noteControl(model, id, 'gone', affected);
  for (const accessPointId of accessPoints) affected.gone(id, itemKey('link', memberLinkId(accessPointId)));
  for (const listenerId of listeners.keys()) affected.gone(id, itemKey('listener', listenerId));
  for (const connectorId of connectors.keys()) affected.gone(id, itemKey('connector', connectorId));
}
