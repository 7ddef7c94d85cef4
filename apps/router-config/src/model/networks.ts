import { SITE_CERTIFICATE } from '@caravan/data-plane';
import type { Window } from '@caravan/data-plane';
import type { Affected } from './affected.js';
import { noteControl } from './control.js';
import { noteEntrances } from './entrances.js';
import { admissionId, itemKey, memberLinkId } from './item-ids.js';
import { FIRST_ORDINAL } from './model.js';
import type { MemberSite, Model, Network, Times } from './model.js';

interface Placed extends Times {
  readonly backboneId: string;
  readonly networkId: string;
}

/** A network is on a backbone from the moment that the backbone says so: its doors are there, and open when its window does. */
export function placeNetwork(
  model: Model,
  { backboneId, networkId, startsAt, endsAt }: Placed,
  affected: Affected,
): void {
  const times = { startsAt, endsAt };
  const backbone = model.backbones.get(backboneId);
  if (!backbone || model.networks.has(networkId)) return;
  backbone.networks.add(networkId);
  model.networks.set(networkId, {
    id: networkId,
    backboneId,
    status: 'placed',
    times,
    suspended: false,
    window: windowOf(times),
    members: new Set(),
    deniedMembers: new Set(),
  });
  noteDoors(model, networkId, 'changed', affected);
}

export function rescheduleNetwork(
  model: Model,
  { networkId, startsAt, endsAt }: Times & { readonly networkId: string },
  affected: Affected,
): void {
  change(model, networkId, { times: { startsAt, endsAt } }, affected);
}

/**
 * Its doors end where they begin: relays of any version shut them and end who is in, whatever their clocks say. When it is resumed they have
 * another window, which is what opens a door that was over.
 */
export function suspendNetwork(model: Model, networkId: string, affected: Affected): void {
  change(model, networkId, { suspended: true }, affected);
}

export function resumeNetwork(model: Model, networkId: string, affected: Affected): void {
  change(model, networkId, { suspended: false }, affected);
}

function change(model: Model, networkId: string, what: Partial<Network>, affected: Affected): void {
  const network = model.networks.get(networkId);
  if (!network || network.status === 'ended') return;
  Object.assign(network, what);
  network.window = windowOf(network.times, network.suspended);
  noteDoors(model, networkId, 'changed', affected);
}

function noteDoors(model: Model, networkId: string, what: 'changed' | 'gone', affected: Affected): void {
  for (const door of ['claim', 'member'] as const) noteEntrances(model, { door, ownerId: networkId }, what, affected);
}

function windowOf({ startsAt, endsAt }: Times, isSuspended = false): Window {
  const until = isSuspended ? startsAt : endsAt;
  return { from: startsAt, ...(until !== null && { until }) };
}

/** Whichever stream says it first: its doors close, and members that are left have nothing more to do. */
export function endNetwork(model: Model, networkId: string, affected: Affected): void {
  const network = model.networks.get(networkId);
  if (!network || network.status === 'ended') return;
  network.status = 'ended';
  model.backbones.get(network.backboneId)?.networks.delete(networkId);
  model.pins.delete(admissionId('member', networkId));
  noteDoors(model, networkId, 'gone', affected);
  for (const memberId of network.members) {
    const member = model.sites.get(memberId);
    if (member?.kind === 'member') noteAll(model, member, affected);
  }
}

/**
 * It ends, if it has not. Who confirms a revocation says that it is as of that event: where the doors went before, it is told once more, for it
 * would hear of the event only by and by.
 */
export function revokeNetwork(model: Model, networkId: string, affected: Affected): void {
  if (model.networks.get(networkId)?.status === 'ended') noteDoors(model, networkId, 'gone', affected);
  else endNetwork(model, networkId, affected);
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
