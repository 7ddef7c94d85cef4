import type { NatsConnection } from '@nats-io/nats-core';
import type { DeclaredEvent, EventRegistry } from '../event-registry.js';
import type { Halt } from '../projection/index.js';
import type { RecordedEvent } from '../recorded-event.js';
import type { HaltedError } from './position-gate.js';
import type { RawCommit } from './raw-commit.js';

/** `Item`: what it folds; the events of the log, unless `decode` says otherwise. */
export interface FoldOptions<State, Item = RecordedEvent> {
  readonly nc: NatsConnection;
  /** For messages. */
  readonly name: string;
  /** Where it begins, with `initial` as the state there. Default: at the beginning of the log. */
  readonly after?: { readonly position: number; readonly commitHash: string };
  /** Default: all events of `@caravan/events`. */
  readonly registry?: EventRegistry;
  /** The event types that it folds; the default: all of the registry. */
  readonly types?: readonly Pick<DeclaredEvent, 'type'>[];
  /** What it makes of a commit. Default: its events, as `registry` and `types` have them. */
  readonly decode?: (commit: RawCommit) => readonly Item[];
  readonly initial: State;
  /** The state after the event; the given one may be changed and given back. */
  readonly evolve: (state: State, event: Item) => State;
  /**
   * Called with the events that were folded since the last call, only after it has caught up, and awaited before more are
   * folded. What it throws is reported as a problem and has no other consequence.
   */
  readonly changed?: (events: readonly Item[], state: State) => void | Promise<void>;
  /** Awaited after each batch for as long as it catches up: to report how far it is, or to leave time for others. */
  readonly catchingUp?: (position: number) => void | Promise<void>;
  readonly problem?: (error: Error) => void;
  readonly halted?: (error: HaltedError) => void;
  /** Told when one that had halted goes on. */
  readonly resumed?: () => void;
}

export type FoldStatus =
  | { readonly status: 'stopped' | 'catching-up' | 'live'; readonly position: number }
  | { readonly status: 'halted'; readonly position: number; readonly halt: Halt };
