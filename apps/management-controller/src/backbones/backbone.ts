import {
  BackboneCreated,
  BackboneDeleted,
  BackboneRenamed,
  INSTALLATION_ISSUERS,
  NetworkPlaced,
  NetworkWithdrawn,
} from '@caravan/events';
import type { BackboneEvent } from '@caravan/events';
import { assertNever, Rejection } from '@caravan/event-store';
import type { Decider } from '@caravan/event-store';
import { addAccessPoint, addressAccessPoint, removeAccessPoint } from './backbone-access-points.js';
import type { BackboneCommand, PlaceNetwork, RenameBackbone } from './backbone-commands.js';
import { addLink, changeLinkCost, removeLink } from './backbone-links.js';
import { addSite, expelSite, removeSite, renameSite } from './backbone-sites.js';
import { evolveBackbone, initialBackbone } from './backbone-state.js';
import type { ActiveBackbone, BackboneState } from './backbone-state.js';

/** A backbone decides its sites, access points, links and the names of its networks: they race on one stream. */
export const backbone: Decider<BackboneState, BackboneCommand, BackboneEvent> = {
  initial: initialBackbone,
  evolve: evolveBackbone,
  decide(command, state) {
    const { backboneId } = command;
    if (command.type === 'CreateBackbone') {
      if (state.status !== 'unknown') return [];
      const { name, issuers = INSTALLATION_ISSUERS } = command;
      return [BackboneCreated({ backboneId, name, issuers })];
    }
    if (command.type === 'WithdrawNetwork') {
      const placed = state.status === 'active' && state.networks.has(command.networkId);
      return placed ? [NetworkWithdrawn({ backboneId, networkId: command.networkId })] : [];
    }
    if (state.status !== 'active') throw new Rejection('backbone.unknown', { backboneId });
    return decideActive(command, state);
  },
};

function decideActive(
  command: Exclude<BackboneCommand, { type: 'CreateBackbone' | 'WithdrawNetwork' }>,
  state: ActiveBackbone,
): BackboneEvent[] {
  const { backboneId } = state;
  switch (command.type) {
    case 'RenameBackbone':
      return rename(command, state);
    case 'DeleteBackbone':
      if (state.networks.size > 0) throw new Rejection('backbone.has-networks', { networks: state.networks.size });
      if (state.sites.size > 0) throw new Rejection('backbone.has-sites', { sites: state.sites.size });
      return [BackboneDeleted({ backboneId })];
    case 'AddSite':
      return addSite(command, state);
    case 'RenameSite':
      return renameSite(command, state);
    case 'RemoveSite':
      return removeSite(command, state);
    case 'ExpelSite':
      return expelSite(command, state);
    case 'AddAccessPoint':
      return addAccessPoint(command, state);
    case 'AddressAccessPoint':
      return addressAccessPoint(command, state);
    case 'RemoveAccessPoint':
      return removeAccessPoint(command, state);
    case 'AddLink':
      return addLink(command, state);
    case 'ChangeLinkCost':
      return changeLinkCost(command, state);
    case 'RemoveLink':
      return removeLink(command, state);
    case 'PlaceNetwork':
      return placeNetwork(command, state);
    default:
      return assertNever(command);
  }
}

function rename({ name, renamings }: RenameBackbone, state: ActiveBackbone): BackboneEvent[] {
  if (name === state.name) return [];
  // Its reservation counts no more: whoever renamed it meanwhile may be about to release it.
  if (renamings !== undefined && renamings !== state.renamings) {
    throw new Rejection('backbone.renamed-meanwhile', { name: state.name });
  }
  return [BackboneRenamed({ backboneId: state.backboneId, name })];
}

function placeNetwork(command: PlaceNetwork, state: ActiveBackbone): BackboneEvent[] {
  const { networkId, name, startsAt, endsAt, deleteAfterSeconds } = command;
  if (state.networks.has(networkId)) return [];
  if (endsAt !== null && endsAt <= startsAt) throw new Rejection('network.ends-before-it-starts', { startsAt, endsAt });
  for (const network of state.networks.values()) {
    if (network.name === name) throw new Rejection('network.name-taken', { name });
  }
  const { backboneId } = state;
  return [NetworkPlaced({ backboneId, networkId, name, startsAt, endsAt, deleteAfterSeconds })];
}
