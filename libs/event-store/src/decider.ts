import type { CommandMetadata } from './metadata.js';

/**
 * The rules of one aggregate as three pure functions: what it starts as, what a command leads to, and what an event changes.
 *
 * Who owns a state: the one who folds it. `evolve` may change the state that it is given and give the same object back, so a
 * map of 10,000 claims costs one insertion for each event and not a copy. In return nobody else may hold on to that state:
 * `initial` makes a fresh one at each call, and `decide` only reads. `handleCommand` keeps its side: it evolves its cached
 * state with events that are in the log, never with events that were merely decided.
 */
export interface Decider<State, Command, Event> {
  /** A fresh state of a stream without events. */
  initial(): State;
  /**
   * The events that the command leads to; none if there is nothing to do.
   * @throws Rejection when the command is refused.
   */
  decide(command: Command, state: State): readonly Event[];
  /** The state after the event; the given state may be changed and given back. */
  evolve(state: State, event: Event): State;
}

/** An imperative with everything that deciding needs, time and ids included. */
export interface Command<Type extends string = string> {
  readonly type: Type;
  readonly metadata: CommandMetadata;
}

/** Ends an exhausted switch: a case that was added and forgotten is a compile error, and at run time an exception. */
export function assertNever(value: never): never {
  throw new TypeError(`not foreseen: ${JSON.stringify(value)}`);
}
