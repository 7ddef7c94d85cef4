import { assertNever } from '@caravan/event-store';
import type { BackboneCommand } from '../backbones/backbone-commands.js';
import type { BackboneNameCommand } from '../backbones/backbone-name.js';
import { does, nothing, refused, those } from './world.fixture.js';
import type { Verdict, World } from './world.fixture.js';

export function verdictOnName({ names }: World, command: BackboneNameCommand): Verdict {
  const { name, backboneId } = command;
  const { holder, times } = names.get(name) ?? { holder: undefined, times: 0 };
  if (command.type === 'ReleaseBackboneName') {
    const old = command.reservations !== undefined && command.reservations !== times;
    if (holder !== backboneId || old) return nothing;
    return does('BackboneNameReleased', () => names.set(name, { holder: undefined, times }));
  }
  if (holder !== undefined && holder !== backboneId) return refused('backbone.name-taken');
  return does('BackboneNameReserved', () => names.set(name, { holder: backboneId, times: times + 1 }));
}

export function verdictOnBackbone(world: World, command: BackboneCommand): Verdict {
  const { backboneId } = command;
  const backbone = world.backbones.get(backboneId);
  if (command.type === 'CreateBackbone') {
    if (backbone) return nothing;
    return does('BackboneCreated', () =>
      world.backbones.set(backboneId, { name: command.name, renamed: 0, gone: false }),
    );
  }
  if (command.type === 'WithdrawNetwork') {
    const placed = world.placed.get(command.networkId);
    if (placed?.backbone !== backboneId) return nothing;
    return does('NetworkWithdrawn', () => world.placed.delete(command.networkId));
  }
  if (!backbone || backbone.gone) return refused('backbone.unknown');
  switch (command.type) {
    case 'RenameBackbone':
      if (backbone.name === command.name) return nothing;
      if ((command.renamings ?? backbone.renamed) !== backbone.renamed) return refused('backbone.renamed-meanwhile');
      return does('BackboneRenamed', () =>
        Object.assign(backbone, { name: command.name, renamed: backbone.renamed + 1 }),
      );
    case 'DeleteBackbone':
      if (those(world.placed, (each) => each.backbone === backboneId).length > 0) {
        return refused('backbone.has-networks');
      }
      if (those(world.sites, (each) => each.backbone === backboneId).length > 0) return refused('backbone.has-sites');
      return does('BackboneDeleted', () => (backbone.gone = true));
    case 'PlaceNetwork': {
      const { networkId, name, startsAt, endsAt } = command;
      if (world.placed.has(networkId)) return nothing;
      if (endsAt !== null && Date.parse(endsAt) <= Date.parse(startsAt)) {
        return refused('network.ends-before-it-starts');
      }
      const namesakes = those(world.placed, (each) => each.backbone === backboneId && each.name === name);
      if (namesakes.length > 0) return refused('network.name-taken');
      return does('NetworkPlaced', () => world.placed.set(networkId, { backbone: backboneId, name }));
    }
    case 'AddSite':
    case 'RenameSite':
    case 'RemoveSite':
      return verdictOnSite(world, command);
    case 'ExpelSite':
      return verdictOnExpelling(world, command);
    case 'AddAccessPoint':
    case 'AddressAccessPoint':
    case 'RemoveAccessPoint':
      return verdictOnAccessPoint(world, command);
    case 'AddLink':
    case 'ChangeLinkCost':
    case 'RemoveLink':
      return verdictOnLink(world, command);
    default:
      return assertNever(command);
  }
}

type Of<Type extends BackboneCommand['type']> = Extract<BackboneCommand, { type: Type }>;

function verdictOnSite(
  { sites, links, accessPoints }: World,
  command: Of<'AddSite' | 'RenameSite' | 'RemoveSite'>,
): Verdict {
  const { backboneId, siteId } = command;
  const site = sites.get(siteId);
  const known = site?.backbone === backboneId ? site : undefined;
  const taken = (name: string): boolean =>
    those(sites, (each) => each.backbone === backboneId && each.name === name).length > 0;
  if (command.type === 'AddSite') {
    if (known) return nothing;
    if (taken(command.name)) return refused('backbone-site.name-taken');
    return does('BackboneSiteAdded', () => sites.set(siteId, { backbone: backboneId, name: command.name }));
  }
  if (!known) return refused('backbone-site.unknown');
  if (command.type === 'RenameSite') {
    if (known.name === command.name) return nothing;
    if (taken(command.name)) return refused('backbone-site.name-taken');
    return does('BackboneSiteRenamed', () => (known.name = command.name));
  }
  if (those(links, ({ from, to }) => from === siteId || to === siteId).length > 0) {
    return refused('backbone-site.has-links');
  }
  if (those(accessPoints, (each) => each.site === siteId).length > 0) return refused('backbone-site.has-access-points');
  return does('BackboneSiteRemoved', () => sites.delete(siteId));
}

/** Nothing here has so much that one commit would not hold it. */
function verdictOnExpelling({ sites, links, accessPoints }: World, { backboneId, siteId }: Of<'ExpelSite'>): Verdict {
  if (sites.get(siteId)?.backbone !== backboneId) return nothing;
  const cut = [...links].filter(([, { from, to }]) => from === siteId || to === siteId);
  const shut = [...accessPoints].filter(([, { site }]) => site === siteId);
  return {
    does: [...cut.map(() => 'LinkRemoved'), ...shut.map(() => 'AccessPointRemoved'), 'BackboneSiteRemoved'],
    then: () => {
      for (const [id] of cut) links.delete(id);
      for (const [id] of shut) accessPoints.delete(id);
      sites.delete(siteId);
    },
  };
}

function verdictOnAccessPoint(
  { sites, accessPoints, links }: World,
  command: Of<'AddAccessPoint' | 'AddressAccessPoint' | 'RemoveAccessPoint'>,
): Verdict {
  const { backboneId, accessPointId } = command;
  const found = accessPoints.get(accessPointId);
  const known = found?.backbone === backboneId ? found : undefined;
  if (command.type === 'AddAccessPoint') {
    const { siteId: site, name, kind, bindHost, bindPort, host, port } = command;
    if (known) return nothing;
    if (sites.get(site)?.backbone !== backboneId) return refused('backbone-site.unknown');
    if (those(accessPoints, (each) => each.site === site && each.name === name).length > 0) {
      return refused('access-point.name-taken');
    }
    if ((host === null) !== (port === null)) return refused('access-point.address-incomplete');
    const by = host === null ? 'nobody' : 'operator';
    const added = { backbone: backboneId, site, name, kind, bindHost, bindPort, host, port, by } as const;
    return does('AccessPointAdded', () => accessPoints.set(accessPointId, { ...added }));
  }
  if (!known) return refused('access-point.unknown');
  if (command.type === 'AddressAccessPoint') {
    const { host, port, reportedBy } = command;
    if (reportedBy !== undefined && reportedBy !== known.site) return refused('access-point.unknown');
    if (reportedBy !== undefined && known.by === 'operator') return nothing;
    const by = reportedBy === undefined ? 'operator' : 'site';
    if (known.host === host && known.port === port && known.by === by) return nothing;
    return does('AccessPointAddressed', () => Object.assign(known, { host, port, by }));
  }
  if (those(links, (each) => each.accessPoint === accessPointId).length > 0) return refused('access-point.has-links');
  return does('AccessPointRemoved', () => accessPoints.delete(accessPointId));
}

function verdictOnLink(
  { sites, accessPoints, links }: World,
  command: Of<'AddLink' | 'ChangeLinkCost' | 'RemoveLink'>,
): Verdict {
  const { backboneId, linkId } = command;
  const found = links.get(linkId);
  const known = found?.backbone === backboneId ? found : undefined;
  if (command.type === 'AddLink') {
    const { siteId: from, accessPointId: accessPoint, cost } = command;
    if (known) return nothing;
    if (sites.get(from)?.backbone !== backboneId) return refused('backbone-site.unknown');
    const door = accessPoints.get(accessPoint);
    if (door?.backbone !== backboneId) return refused('access-point.unknown');
    if (door.kind !== 'peer') return refused('link.not-a-peer-access-point');
    const to = door.site;
    if (to === from) return refused('link.to-itself');
    const between = those(links, (each) => [each.from, each.to].sort().join() === [from, to].sort().join());
    if (between.length > 0) return refused('link.exists-already');
    return does('LinkAdded', () => links.set(linkId, { backbone: backboneId, from, to, accessPoint, cost }));
  }
  if (!known) return refused('link.unknown');
  if (command.type === 'RemoveLink') return does('LinkRemoved', () => links.delete(linkId));
  if (known.cost === command.cost) return nothing;
  return does('LinkCostChanged', () => (known.cost = command.cost));
}
