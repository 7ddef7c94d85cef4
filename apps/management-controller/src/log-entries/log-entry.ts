import { LogEntryPassedOver } from '@caravan/events';
import type { LogEntryEvent } from '@caravan/events';
import { Rejection } from '@caravan/event-store';
import type { Command, Decider } from '@caravan/event-store';

/** What was decided about one entry of the log, by its position. */
export type LogEntryState = { readonly status: 'open' } | { readonly status: 'passed-over'; readonly hash: string };

/** The entry as it was found, and what the one who asks knows about it. */
export type LogEntryCommand = Command<'PassOverLogEntry'> & {
  readonly position: number;
  readonly stream: string;
  readonly hash: string;
  /** Why this program cannot read it; null: it can. */
  readonly problem: string | null;
  /** Whether another version may be able to. */
  readonly newer: boolean;
  /** Whether the one who asks says that there is no such version. */
  readonly evenNewer: boolean;
};

/** Only what truly cannot be read may be passed over: anything else would take a decision back that others acted on. */
export const logEntry: Decider<LogEntryState, LogEntryCommand, LogEntryEvent> = {
  initial: () => ({ status: 'open' }),
  evolve: (_, { data }) => ({ status: 'passed-over', hash: data.hash }),
  decide({ position, stream, hash, problem, newer, evenNewer }, state) {
    if (state.status === 'passed-over' && state.hash === hash) return [];
    if (problem === null) {
      const detail = `The entry at position ${position} (${stream}) can be read, and was acted on: it cannot be passed over.`;
      throw new Rejection('log-entry.readable', { detail, position });
    }
    if (newer && !evenNewer) {
      const detail =
        `The entry at position ${position} (${stream}) may be of another version of this program: ${problem}. Run that ` +
        'version; if there is none, say so (`evenNewer`).';
      throw new Rejection('log-entry.newer', { detail, position });
    }
    return [LogEntryPassedOver({ position, stream, hash, problem: problem.slice(0, 1000) })];
  },
};
