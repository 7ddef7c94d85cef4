import { BackboneNameReleased, BackboneNameReserved } from '@caravan/events';
import type { BackboneNameEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

/**
 * A global name: the stream's id is the name, so two backbones that want it race on one subject. `reservations` counts them all,
 * and so names the last one.
 */
export type BackboneNameState = { readonly reservations: number } & (
  { readonly status: 'free' } | { readonly status: 'reserved'; readonly backboneId: string }
);

interface OfName {
  readonly name: string;
  readonly backboneId: string;
}
/** `reservations`: only if the last one is still that which was seen; another may be the first step of taking the name again. */
export type BackboneNameCommand =
  | (Command<'ReserveBackboneName'> & OfName)
  | (Command<'ReleaseBackboneName'> & OfName & { readonly reservations?: number });

export const backboneName: Decider<BackboneNameState, BackboneNameCommand, BackboneNameEvent> = {
  initial: () => ({ status: 'free', reservations: 0 }),
  evolve: ({ reservations }, event) =>
    event.type === 'BackboneNameReserved'
      ? { status: 'reserved', backboneId: event.data.backboneId, reservations: reservations + 1 }
      : { status: 'free', reservations },
  decide(command, state) {
    const { name, backboneId } = command;
    const mine = state.status === 'reserved' && state.backboneId === backboneId;
    if (command.type === 'ReleaseBackboneName') {
      const seen = command.reservations ?? state.reservations;
      return mine && seen === state.reservations ? [BackboneNameReleased({ name, backboneId })] : [];
    }
    // Its own is reserved anew: whoever saw the reservation before may no longer release it.
    if (state.status === 'reserved' && !mine) {
      throw new Rejection('backbone.name-taken', { name, holder: state.backboneId });
    }
    return [BackboneNameReserved({ name, backboneId })];
  },
};
