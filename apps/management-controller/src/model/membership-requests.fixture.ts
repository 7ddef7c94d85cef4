import type { Ask, ClaimRequest } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { derivedId } from '@caravan/platform/ids';
import { CurrentDirectory } from '../directory/current-directory.js';
import { csr } from '../example.fixture.js';
import { InvitationAccessPoints } from '../invitations/invitation-access-points.js';
import type { ClaimInvitation, InvitationCommand } from '../invitations/invitation.js';
import { InvitationsController } from '../invitations/invitations.controller.js';
import { MembersController } from '../members/members.controller.js';
import type { NetworkCommand } from '../networks/network-state.js';
import { NetworkTeardown } from '../networks/network-teardown.js';
import { NetworksController } from '../networks/networks.controller.js';
import { ClaimsController } from '../site-endpoints/claims.controller.js';
import { nobodyComesBack } from '../site-endpoints/site-endpoint.fixture.js';
import type { Desk, Request } from './desk.fixture.js';
import { clockAt, endNetworks } from './looks.fixture.js';
import { call, claimants, instantOf, pick, UNKNOWN, windowOf } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';
import type { Process } from './processes.fixture.js';

const NETWORKS = ['retail', 'lab'];
const CLASSES = ['gold', 'silver'];
const INVITATIONS = ['hq', 'store', 'kiosk'];
const PREFIXES = ['store', 'store-1', 'store-2', 'store-3', 'store-1-1', 'store-02', 'kiosk'];
const LIMITS = [1, 2, 3, null];
const ASKS: readonly Ask[] = [{ type: 'text', name: 'contact', about: '', required: true }];
const CHOSEN = ['1', 'a', '1-1'];

type Run = (process: Process, now: Date, actor: string, commandId: string) => Promise<unknown>;
const kindOf = (kind: string, weight: number, make: (desk: Desk, dice: readonly number[]) => Run): Kind => ({
  kind,
  weight,
  make(desk, dice): Request {
    const commandId = desk.nextCommandId();
    const run = make(desk, dice);
    return { kind, run: (process, now, actor) => run(process, now, actor, commandId) };
  },
});

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

const onInvitation = (
  kind: string,
  weight: number,
  make: (desk: Desk, dice: readonly number[], id: string) => Omit<InvitationCommand, 'metadata'>,
) =>
  kindOf(kind, weight, (desk, dice) => {
    const id = derivedId(kind, desk.nextCommandId());
    const command = make(desk, dice, id);
    return ({ deciders }, now, actor, commandId) =>
      deciders.invitation({ ...command, metadata: desk.metadata(commandId, now, actor) } as InvitationCommand);
  });

/** What a directory does not know it learns from the log before it says so. */
const currentOf = (process: Process, desk: Desk): CurrentDirectory =>
  new CurrentDirectory(process.directory, {
    catchUp: async () => {
      desk.inform(process);
      return true;
    },
  });

/** Whoever is told that there is no such network ends for ever: that a directory is late is no reason to say so. */
function mustBeTrue(error: unknown, { world, referee }: Desk, invitationId: string): void {
  if (!(error instanceof Rejection) || error.code !== 'network.unknown') return;
  const networkId = world.invitations.get(invitationId)?.terms.networkId ?? UNKNOWN;
  const { gone, revoked, over } = world.networks.get(networkId) ?? {};
  if (gone === false && revoked === false && over !== 'deleting')
    referee.contradicts(`${networkId} is said to be unknown`);
}

const invitationsOf = ({ deciders }: Process, { lists: { readModels } }: Desk): InvitationsController =>
  new InvitationsController(
    deciders,
    readModels,
    new InvitationAccessPoints(readModels),
    {} as never, // certificates and desired states are asked for by none of these
    {} as never,
    'model',
  );

const pending = { status: 'pending' } as const;
const replies = { of: async () => pending, awaiting: () => pending } as never;

/** Most often of those that are not gone. */
const living = <T extends { readonly gone?: boolean; readonly is?: string }>(
  things: ReadonlyMap<string, T>,
  die: number,
) => (die % 8 === 0 ? things : new Map([...things].filter(([, { gone, is }]) => gone !== true && is !== 'gone')));

/** Most often what the invitation asks for. */
function whatIsSaid({ world }: Desk, invitationId: string, die: number): Pick<ClaimRequest, 'name' | 'details'> {
  const { interactive, asks } = world.invitations.get(invitationId)?.terms ?? { interactive: false, asks: [] };
  const isNamed = die % 11 === 0 ? !interactive : interactive;
  return {
    ...(isNamed && { name: CHOSEN[die % CHOSEN.length]! }),
    ...(asks.length > 0 && die % 7 !== 0 && { details: { contact: 'Ada' } }),
  };
}

/** Most often one that somebody has to decide on. */
function claimOf({ world }: Desk, which: number, die: number): { invitationId: string; memberId: string } {
  const all = [...world.invitations].flatMap(([invitationId, { claims }]) =>
    [...claims.values()].map(({ member, is }) => [member, { invitationId, is }] as const),
  );
  const wanted = die % 4 === 0 ? all : all.filter(([, { is }]) => is === 'awaited');
  const claims = new Map(wanted);
  const memberId = pick(claims, which);
  return { memberId, invitationId: claims.get(memberId)?.invitationId ?? pick(world.invitations, die) };
}

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
  kindOf(
    'create invitation',
    8,
    (desk, [which = 0, name = 0, prefix = 0, limit = 0, until = 0, classes = 0, how = 0]) => {
      const networkId = pick(living(desk.world.networks, prefix), which);
      const own = [...desk.world.classes.values()].filter(({ network }) => network === networkId);
      const siteClasses =
        classes % 4 === 0 ? own.map((each) => each.name) : classes % 17 === 1 ? [CLASSES[classes % 2]] : [];
      const body = {
        name: INVITATIONS[name % INVITATIONS.length],
        namePrefix: prefix % 4 === 0 ? undefined : PREFIXES[prefix % PREFIXES.length],
        deadline: until % 2 === 0 ? instantOf(desk, until) : undefined,
        instanceLimit: LIMITS[limit % LIMITS.length],
        siteClasses,
        approval: how % 5 === 0,
        interactive: how % 6 === 0,
        asks: how % 7 === 0 ? ASKS : [],
      };
      return (process, now, actor, commandId) =>
        invitationsOf(process, desk).create(
          call({ params: { networkId }, body, metadata: desk.metadata(commandId, now, actor) }),
        );
    },
  ),
  onInvitation('credential', 3, (desk, [which = 0, die = 0, until = 0], id) => {
    const { world } = desk;
    const invitationId = pick(living(world.invitations, die), which);
    // Few networks end while somebody still asks: some are said to.
    const own = windowOf(world, invitationId);
    const network = until % 4 === 0 ? { ...own, endsAt: instantOf(desk, until) } : own;
    const [certificateId = id] = die % 5 === 0 ? (world.invitations.get(invitationId)?.credentials ?? []) : [];
    return { type: 'RequestCredential', invitationId, certificateId, csr, network };
  }),
  onInvitation('revoke', 2, ({ world }, [which = 0, die = 0]) => ({
    type: 'RevokeInvitation',
    invitationId: pick(living(world.invitations, die), which),
  })),
  kindOf('delete invitation', 3, (desk, [which = 0, die = 0]) => {
    const invitationId = pick(living(desk.world.invitations, die), which);
    const own = desk.world.invitations.get(invitationId)?.terms.networkId ?? UNKNOWN;
    const networkId = die % 9 === 0 ? pick(desk.world.networks, die) : own;
    return (process, now, actor, commandId) =>
      invitationsOf(process, desk).delete(
        call({ params: { networkId, invitationId }, metadata: desk.metadata(commandId, now, actor) }),
      );
  }),
  kindOf('claim', 24, (desk, [which = 0, who = 0, die = 0, says = 0]) => {
    const invitationId = pick(living(desk.world.invitations, die), which);
    const { csr: request } = claimants[who % claimants.length]!;
    const said = whatIsSaid(desk, invitationId, says);
    return (process, now) =>
      new ClaimsController(process.deciders, currentOf(process, desk), replies, nobodyComesBack, clockAt(now))
        .claim(invitationId, { capability: 2, csr: request, ...said })
        .catch((error: unknown) => {
          mustBeTrue(error, desk, invitationId);
          throw error;
        });
  }),
  onInvitation(
    'claim with an odd window',
    4,
    (desk, [which = 0, who = 0, die = 0, says = 0]): Omit<ClaimInvitation, 'metadata'> => {
      const { world } = desk;
      const invitationId = pick(living(world.invitations, die), which);
      const { key, csr: request } = claimants[who % claimants.length]!;
      const network = world.networks.get(pick(world.networks, die));
      return {
        type: 'ClaimInvitation',
        invitationId,
        claimantKey: key,
        csr: request,
        memberId: derivedId('member', invitationId, key),
        certificateId: derivedId('member certificate', invitationId, key),
        network:
          die % 3 === 0
            ? undefined
            : network && {
                startsAt: network.startsAt,
                endsAt: network.endsAt,
                suspended: network.suspended,
              },
        ...whatIsSaid(desk, invitationId, says),
      };
    },
  ),
  onInvitation('approve', 6, (desk, [which = 0, die = 0, until = 0]) => {
    const { invitationId, memberId } = claimOf(desk, which, die);
    const own = windowOf(desk.world, invitationId);
    const network = until % 4 === 0 ? { ...own, endsAt: instantOf(desk, until) } : own;
    return { type: 'ApproveClaim', invitationId, memberId, network };
  }),
  onInvitation('decline', 2, (desk, [which = 0, die = 0]) => ({
    type: 'DeclineClaim',
    ...claimOf(desk, which, die),
  })),
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
