import { derivedId } from '@caravan/platform/ids';
import type { InvitationCommand } from '../invitations/invitation.js';
import { UNKNOWN } from './picking.fixture.js';
import type { Desk, Request } from './desk.fixture.js';
import type { Kind } from './picking.fixture.js';
import type { Process } from './processes.fixture.js';

export const CLASSES = ['gold', 'silver'];

type Run = (process: Process, now: Date, actor: string, commandId: string) => Promise<unknown>;
/** A kind of request, whose dice are thrown when it is made and not when it runs. */
export const kindOf = (kind: string, weight: number, make: (desk: Desk, dice: readonly number[]) => Run): Kind => ({
  kind,
  weight,
  make(desk, dice): Request {
    const commandId = desk.nextCommandId();
    const run = make(desk, dice);
    return { kind, run: (process, now, actor) => run(process, now, actor, commandId) };
  },
});

/** Most often of those that are not gone. */
export const living = <T extends { readonly gone?: boolean; readonly is?: string }>(
  things: ReadonlyMap<string, T>,
  die: number,
) => (die % 8 === 0 ? things : new Map([...things].filter(([, { gone, is }]) => gone !== true && is !== 'gone')));

export const onInvitation = (
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

export const networkOf = ({ invitations }: Desk['world'], invitationId: string): string =>
  invitations.get(invitationId)?.terms.networkId ?? UNKNOWN;
