import type { ClaimRequest } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import { derivedId } from '@caravan/platform/ids';
import { CurrentDirectory } from '../directory/current-directory.js';
import type { ClaimInvitation } from '../invitations/invitation.js';
import { ClaimsController } from '../site-endpoints/claims.controller.js';
import { nobodyComesBack } from '../site-endpoints/site-endpoint.fixture.js';
import type { Desk } from './desk.fixture.js';
import { clockAt } from './looks.fixture.js';
import { claimants, instantOf, pick, windowOf } from './picking.fixture.js';
import type { Kind } from './picking.fixture.js';
import type { Process } from './processes.fixture.js';
import { kindOf, living, networkOf, onInvitation } from './requesting.fixture.js';

const CHOSEN = ['1', 'a', '1-1'];

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
  const networkId = networkOf(world, invitationId);
  const { gone, revoked, over } = world.networks.get(networkId) ?? {};
  if (gone === false && revoked === false && over !== 'deleting')
    referee.contradicts(`${networkId} is said to be unknown`);
}

const pending = { status: 'pending' } as const;
const replies = { of: async () => pending, awaiting: () => pending } as never;

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

export const claimKinds: readonly Kind[] = [
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
];
