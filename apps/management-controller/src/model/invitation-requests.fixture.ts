import { createHash } from 'node:crypto';
import type { Ask } from '@caravan/events';
import { csr } from '../example.fixture.js';
import { InvitationAccessPoints } from '../invitations/invitation-access-points.js';
import { InvitationsController } from '../invitations/invitations.controller.js';
import { claimKinds } from './claim-requests.fixture.js';
import type { Desk } from './desk.fixture.js';
import { call, instantOf, pick, windowOf } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';
import type { Process } from './processes.fixture.js';
import { CLASSES, kindOf, living, networkOf, onInvitation } from './requesting.fixture.js';

const INVITATIONS = ['hq', 'store', 'kiosk'];
const PREFIXES = ['store', 'store-1', 'store-2', 'store-3', 'store-1-1', 'store-02', 'kiosk'];
const LIMITS = [1, 2, 3, null];
const ASKS: readonly Ask[] = [{ type: 'text', name: 'contact', about: '', required: true }];

const invitationsOf = ({ deciders }: Process, { lists: { readModels } }: Desk): InvitationsController =>
  new InvitationsController(
    deciders,
    readModels,
    new InvitationAccessPoints(readModels),
    {} as never, // credentials are asked for by none of these
  );

/** One of its own, live or not; where it has none, one that nobody knows. */
const tokenOf = ({ world }: Desk, invitationId: string, die: number): string =>
  pick(world.invitations.get(invitationId)?.joinTokens ?? new Map<string, unknown>(), die);

const sha256 = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export const invitationKinds: readonly Kind[] = [
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
    const token = until % 3 === 0 ? tokenOf(desk, invitationId, which) : undefined;
    return { type: 'RequestCredential', invitationId, certificateId, csr, network, joinTokenId: token };
  }),
  onInvitation('issue join token', 4, (desk, [which = 0, die = 0, until = 0], id) => {
    const invitationId = pick(living(desk.world.invitations, die), which);
    const own = windowOf(desk.world, invitationId);
    const network = until % 5 === 0 ? { ...own, endsAt: instantOf(desk, until) } : own;
    const joinTokenId = die % 7 === 0 ? tokenOf(desk, invitationId, which) : id;
    return { type: 'IssueJoinToken', invitationId, joinTokenId, secretHash: sha256(id), network };
  }),
  onInvitation('withdraw join token', 2, (desk, [which = 0, die = 0]) => {
    const invitationId = pick(living(desk.world.invitations, die), which);
    const networkId = die % 9 === 0 ? pick(desk.world.networks, die) : networkOf(desk.world, invitationId);
    return { type: 'WithdrawJoinToken', invitationId, networkId, joinTokenId: tokenOf(desk, invitationId, die) };
  }),
  onInvitation('revoke', 2, ({ world }, [which = 0, die = 0]) => ({
    type: 'RevokeInvitation',
    invitationId: pick(living(world.invitations, die), which),
  })),
  kindOf('delete invitation', 3, (desk, [which = 0, die = 0]) => {
    const invitationId = pick(living(desk.world.invitations, die), which);
    const networkId = die % 9 === 0 ? pick(desk.world.networks, die) : networkOf(desk.world, invitationId);
    return (process, now, actor, commandId) =>
      invitationsOf(process, desk).delete(
        call({ params: { networkId, invitationId }, metadata: desk.metadata(commandId, now, actor) }),
      );
  }),
  ...claimKinds,
];
