import { derivedId } from '@caravan/platform/ids';
import type { BackboneCommand } from '../backbones/backbone-commands.js';
import { BackboneNaming } from '../backbones/backbone-naming.js';
import { BackbonesController } from '../backbones/backbones.controller.js';
import { call, pick, soundClock, UNKNOWN } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';

const BACKBONES = ['east', 'west', 'main'];
const SITES = ['north', 'south', 'hub'];
const DOORS = ['a', 'b'];
const HOSTS = ['192.0.2.1', 'relay.example.org'];
const KINDS = ['claim', 'member', 'peer', 'peer', 'manage'] as const;

type Plain<Command> = Command extends unknown ? Omit<Command, 'metadata'> : never;

/** A command straight to the decider. */
const direct = (
  kind: string,
  weight: number,
  make: (desk: Parameters<Kind['make']>[0], dice: readonly number[], id: string) => Plain<BackboneCommand>,
): Kind => ({
  kind,
  weight,
  make(desk, dice) {
    const commandId = desk.nextCommandId();
    const command = make(desk, dice, commandId);
    return {
      kind,
      run: ({ deciders }, now, actor) =>
        deciders.backbone({ ...command, metadata: desk.metadata(commandId, now, actor) }),
    };
  },
});

/** By the API's own controller: reserving and releasing names is more than one command. */
const byApi = (
  kind: string,
  weight: number,
  ask: (controller: BackbonesController, asked: { id: string; name: string }, metadata: never) => Promise<unknown>,
): Kind => ({
  kind,
  weight,
  make(desk, [which = 0, name = 0]) {
    const commandId = desk.nextCommandId();
    const asked = { id: pick(desk.world.backbones, which), name: BACKBONES[name % BACKBONES.length]! };
    return {
      kind,
      run: ({ deciders, store }, now, actor) => {
        const controller = new BackbonesController(
          deciders,
          new BackboneNaming(deciders, store),
          desk.lists.readModels,
        );
        return ask(controller, asked, desk.metadata(commandId, soundClock(desk, now), actor) as never);
      },
    };
  },
});

/** The backbone of a thing, or now and then another. */
const backboneOf = (
  things: ReadonlyMap<string, { readonly backbone: string }>,
  id: string,
  desk: Parameters<Kind['make']>[0],
  die: number,
): string =>
  die % 12 === 0 ? pick(desk.world.backbones, die) : (things.get(id)?.backbone ?? pick(desk.world.backbones, die));

/** As a request does it that was slow: by a reservation that is not the last one. */
const lateRelease: Kind = {
  kind: 'release name late',
  weight: 1,
  make(desk, [which = 0]) {
    const commandId = desk.nextCommandId();
    const name = BACKBONES[which % BACKBONES.length]!;
    const backboneId = desk.world.names.get(name)?.holder ?? UNKNOWN;
    return {
      kind: 'release name late',
      run: ({ deciders }, now, actor) => {
        const metadata = desk.metadata(commandId, now, actor);
        return deciders.backboneName({ type: 'ReleaseBackboneName', name, backboneId, reservations: 0, metadata });
      },
    };
  },
};

export const topologyKinds: readonly Kind[] = [
  lateRelease,
  byApi('create backbone', 2, (controller, { name }, metadata) =>
    controller.create(call({ body: { name }, metadata })),
  ),
  byApi('rename backbone', 4, (controller, { id: backboneId, name }, metadata) =>
    controller.rename(call({ params: { backboneId }, body: { name }, metadata })),
  ),
  byApi('delete backbone', 2, (controller, { id: backboneId }, metadata) =>
    controller.delete(call({ params: { backboneId }, metadata })),
  ),
  direct('rename backbone late', 1, ({ world }, [which = 0, name = 0]) => ({
    type: 'RenameBackbone',
    backboneId: which % 3 === 0 ? UNKNOWN : pick(world.backbones, which),
    name: BACKBONES[name % BACKBONES.length]!,
    renamings: 99,
  })),
  direct('add site', 4, ({ world }, [which = 0, name = 0], commandId) => ({
    type: 'AddSite',
    backboneId: pick(world.backbones, which),
    siteId: derivedId('site', commandId),
    name: SITES[name % SITES.length]!,
  })),
  direct('add site that is there', 1, ({ world }, [which = 0, name = 0]) => {
    const siteId = pick(world.sites, which);
    const backboneId = world.sites.get(siteId)?.backbone ?? UNKNOWN;
    return { type: 'AddSite', backboneId, siteId, name: SITES[name % SITES.length]! };
  }),
  direct('rename site', 2, (desk, [which = 0, name = 0, die = 0]) => {
    const siteId = pick(desk.world.sites, which);
    const backboneId = backboneOf(desk.world.sites, siteId, desk, die);
    return { type: 'RenameSite', backboneId, siteId, name: SITES[name % SITES.length]! };
  }),
  direct('remove site', 2, (desk, [which = 0, die = 0]) => {
    const siteId = pick(desk.world.sites, which);
    return { type: 'RemoveSite', backboneId: backboneOf(desk.world.sites, siteId, desk, die), siteId };
  }),
  direct('expel site', 1, (desk, [which = 0, die = 0]) => {
    const siteId = pick(desk.world.sites, which);
    return { type: 'ExpelSite', backboneId: backboneOf(desk.world.sites, siteId, desk, die), siteId };
  }),
  direct('add access point', 5, (desk, [which = 0, name = 0, kind = 0, die = 0, address = 0], commandId) => {
    const siteId = pick(desk.world.sites, which);
    const host = address % 3 === 0 ? HOSTS[address % 2]! : null;
    const port = (address % 3 === 0) === (address % 10 !== 9) ? 4_000 + (address % 2) : null;
    return {
      type: 'AddAccessPoint',
      backboneId: backboneOf(desk.world.sites, siteId, desk, die),
      siteId,
      accessPointId: derivedId('access point', commandId),
      name: DOORS[name % DOORS.length]!,
      kind: KINDS[kind % KINDS.length]!,
      bindHost: '0.0.0.0',
      bindPort: 4_000,
      host,
      port,
    };
  }),
  direct('address access point', 5, (desk, [which = 0, host = 0, by = 0, die = 0]) => {
    const accessPointId = pick(desk.world.accessPoints, which);
    const { accessPoints, sites } = desk.world;
    const reporter = by % 8 === 7 ? pick(sites, by) : accessPoints.get(accessPointId)?.site;
    return {
      type: 'AddressAccessPoint',
      backboneId: backboneOf(accessPoints, accessPointId, desk, die),
      accessPointId,
      host: HOSTS[host % 2]!,
      port: 4_000 + (host % 2),
      ...(by % 2 === 1 && reporter !== undefined && { reportedBy: reporter }),
    };
  }),
  direct('remove access point', 2, (desk, [which = 0, die = 0]) => {
    const accessPointId = pick(desk.world.accessPoints, which);
    const backboneId = backboneOf(desk.world.accessPoints, accessPointId, desk, die);
    return { type: 'RemoveAccessPoint', backboneId, accessPointId };
  }),
  direct('add link', 6, (desk, [from = 0, to = 0, cost = 0, die = 0], commandId) => {
    const { accessPoints, sites } = desk.world;
    const peers = new Map([...accessPoints].filter(([, { kind }]) => kind === 'peer' || die % 6 === 0));
    const accessPointId = pick(peers, to);
    const backboneId = backboneOf(accessPoints, accessPointId, desk, die);
    const near = new Map([...sites].filter(([, site]) => site.backbone === backboneId || die % 10 === 0));
    const linkId = derivedId('link', commandId);
    return { type: 'AddLink', backboneId, linkId, siteId: pick(near, from), accessPointId, cost: 1 + (cost % 2) };
  }),
  direct('change cost', 2, (desk, [which = 0, cost = 0, die = 0]) => {
    const linkId = pick(desk.world.links, which);
    const backboneId = backboneOf(desk.world.links, linkId, desk, die);
    return { type: 'ChangeLinkCost', backboneId, linkId, cost: 1 + (cost % 2) };
  }),
  direct('remove link', 1, (desk, [which = 0, die = 0]) => {
    const linkId = pick(desk.world.links, which);
    return { type: 'RemoveLink', backboneId: backboneOf(desk.world.links, linkId, desk, die), linkId };
  }),
];
