import { BackboneNameReleased, BackboneNameReserved } from '@caravan/events';
import type { BackboneNameEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

/** A global name: the stream's id is the name, so two backbones that want it race on one subject. */
export type BackboneNameState =
  { readonly status: 'free' } | { readonly status: 'reserved'; readonly backboneId: string };

export type BackboneNameCommand = (Command<'ReserveBackboneName'> | Command<'ReleaseBackboneName'>) & {
  readonly name: string;
  readonly backboneId: string;
};

export const backboneName: Decider<BackboneNameState, BackboneNameCommand, BackboneNameEvent> = {
  initial: () => ({ status: 'free' }),
  evolve: (_, event) =>
    event.type === 'BackboneNameReserved'
      ? { status: 'reserved', backboneId: event.data.backboneId }
      : { status: 'free' },
  decide({ type, name, backboneId }, state) {
    const mine = state.status === 'reserved' && state.backboneId === backboneId;
    if (type === 'ReleaseBackboneName') return mine ? [BackboneNameReleased({ name, backboneId })] : [];
    if (mine) return [];
    if (state.status === 'reserved') {
      throw new Rejection('backbone.name-taken', { name, holder: state.backboneId });
    }
    return [BackboneNameReserved({ name, backboneId })];
  },
};
