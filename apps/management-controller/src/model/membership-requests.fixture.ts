import { derivedId } from '@caravan/platform/ids';
import { MembersController } from '../members/members.controller.js';
import type { NetworkCommand } from '../networks/network-state.js';
import { NetworkTeardown } from '../networks/network-teardown.js';
import { NetworksController } from '../networks/networks.controller.js';
import type { Desk } from './desk.fixture.js';
import { invitationKinds } from './invitation-requests.fixture.js';
import { clockAt, endNetworks } from './looks.fixture.js';
import { call, instantOf, pick, UNKNOWN } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';
import { CLASSES, kindOf, living } from './requesting.fixture.js';

const NETWORKS = ['retail', 'lab'];

const onNetwork = (
  kind: string,
  weight: number,
  make: (desk: Desk, dice: readonly number[], id: string) => Omit<NetworkCommand, 'metadata'>,
) =>
  kindOf(kind, weight, (desk, dice) => {
    const id = derivedId(kind, desk.nextCommandId());
    const command = make(desk, dice, id);
    return ({ deciders }, now, actor, commandId) =>
      deciders.network({ ...command, metadata: desk.metadata(commandId, now, actor) } as NetworkCommand);
  });

export const membershipKinds: readonly Kind[] = [
  kindOf('create network', 4, (desk, [where = 0, name = 0, from = 0, until = 0]) => {
    const backboneId = pick(living(desk.world.backbones, name), where);
    const startsAt = from % 3 === 0 ? undefined : instantOf(desk, from % 5 === 0 ? from : from % 9);
    const endsAt = until % 3 === 0 ? instantOf(desk, until) : undefined;
    const body = { backboneId, name: NETWORKS[name % NETWORKS.length], startsAt, endsAt };
    return ({ deciders }, now, actor, commandId) => {
      const unasked = {} as never;
      const controller = new NetworksController(deciders, desk.lists.readModels, unasked, clockAt(now));
      return controller.create(call({ body, metadata: desk.metadata(commandId, now, actor) }));
    };
  }),
  kindOf('delete network', 2, (desk, [which = 0, die = 0]) => {
    const networkId = pick(living(desk.world.networks, die), which);
    return (process, now, actor, commandId) => {
      const { deciders, store } = process;
      const teardown = new NetworkTeardown(deciders, store, clockAt(now));
      const controller = new NetworksController(deciders, desk.lists.readModels, teardown, clockAt(now));
      return controller.delete(call({ params: { networkId }, metadata: desk.metadata(commandId, now, actor) }));
    };
  }),
  onNetwork('reschedule network', 3, (desk, [which = 0, from = 0, until = 0, die = 0]) => ({
    type: 'RescheduleNetwork',
    networkId: pick(living(desk.world.networks, die), which),
    startsAt: from % 4 === 0 ? instantOf(desk, from) : undefined,
    endsAt: until % 7 === 0 ? null : until % 2 === 0 ? instantOf(desk, until) : undefined,
    deleteAfterSeconds: die % 3 === 0 ? until % 2 : undefined,
  })),
  kindOf('what the time asks for', 3, () => (process, now) => endNetworks(process, now)),
  onNetwork('record an end', 2, ({ world }, [which = 0, die = 0]) => ({
    type: 'RecordNetworkEnd',
    networkId: pick(living(world.networks, die), which),
  })),
  onNetwork('end network', 1, ({ world }, [which = 0, die = 0]) => ({
    type: 'EndNetwork',
    networkId: pick(living(world.networks, die), which),
  })),
  onNetwork('suspend network', 1, ({ world }, [which = 0, die = 0]) => ({
    type: 'SuspendNetwork',
    networkId: pick(living(world.networks, die), which),
  })),
  onNetwork('resume network', 2, ({ world }, [which = 0, die = 0]) => ({
    type: 'ResumeNetwork',
    networkId: pick(living(world.networks, die), which),
  })),
  onNetwork('revoke network', 1, ({ world }, [which = 0, die = 0]) => ({
    type: 'RevokeNetwork',
    networkId: pick(living(world.networks, die), which),
    isEviction: which % 2 === 0,
  })),
  onNetwork('add class', 3, ({ world }, [which = 0, name = 0, die = 0], id) => ({
    type: 'AddSiteClass',
    networkId: pick(living(world.networks, die), which),
    siteClassId: id,
    name: CLASSES[name % CLASSES.length],
  })),
  onNetwork('add class that is there', 1, ({ world }, [which = 0, name = 0]) => {
    const siteClassId = pick(world.classes, which);
    const networkId = world.classes.get(siteClassId)?.network ?? UNKNOWN;
    return { type: 'AddSiteClass', networkId, siteClassId, name: CLASSES[name % CLASSES.length] };
  }),
  onNetwork('remove class', 2, ({ world }, [which = 0, die = 0]) => {
    const siteClassId = pick(world.classes, which);
    const networkId = die % 9 === 0 ? pick(world.networks, die) : (world.classes.get(siteClassId)?.network ?? UNKNOWN);
    return { type: 'RemoveSiteClass', networkId, siteClassId };
  }),
  ...invitationKinds,
  kindOf('remove member', 5, (desk, [which = 0, die = 0]) => {
    const memberId = pick(living(desk.world.members, die), which);
    const own = desk.world.members.get(memberId)?.network ?? UNKNOWN;
    const networkId = die % 9 === 0 ? pick(desk.world.networks, die) : own;
    return ({ deciders }, now, actor, commandId) =>
      new MembersController(deciders, desk.lists.readModels, {} as never).delete(
        call({ params: { networkId, memberId }, metadata: desk.metadata(commandId, now, actor) }),
      );
  }),
];
