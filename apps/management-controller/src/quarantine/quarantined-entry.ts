import { QuarantinedEntryDiscarded, QuarantinedEntryRetried } from '@caravan/events';
import type { QuarantinedEntryEvent } from '@caravan/events';
import { assertNever } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

/** What became of an entry that a reaction had put aside. */
export interface QuarantinedEntryState {
  readonly status: 'aside' | 'retried' | 'discarded';
}

interface Entry {
  readonly reaction: string;
  readonly position: number;
  readonly stream: string;
}
export type QuarantinedEntryCommand =
  (Command<'RecordRetried'> & Entry) | (Command<'DiscardQuarantinedEntry'> & Entry & { readonly problem: string });

/** Decided once: whoever was killed before the entry was taken out does the same again, and nothing more. */
export const quarantinedEntry: Decider<QuarantinedEntryState, QuarantinedEntryCommand, QuarantinedEntryEvent> = {
  initial: () => ({ status: 'aside' }),
  evolve: (_, { type }) => ({ status: type === QuarantinedEntryRetried.type ? 'retried' : 'discarded' }),
  decide(command, { status }) {
    if (status !== 'aside') return [];
    const { reaction, position, stream } = command;
    switch (command.type) {
      case 'RecordRetried':
        return [QuarantinedEntryRetried({ reaction, position, stream })];
      case 'DiscardQuarantinedEntry':
        return [QuarantinedEntryDiscarded({ reaction, position, stream, problem: command.problem.slice(0, 1000) })];
      default:
        return assertNever(command);
    }
  },
};
